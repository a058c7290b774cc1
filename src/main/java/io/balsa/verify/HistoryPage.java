package io.balsa.verify;

import io.balsa.bytes.Bytes;
import io.balsa.check.History;
import io.balsa.check.Operation;
import io.balsa.check.Verdict;
import io.balsa.report.Page;
import io.balsa.verify.FaultRunner.InjectedFault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The data of the page about a run: its answers and faults over time. After a refutation it also
 * has the operations around the contradiction, each a bar from its call to its return.
 *
 * @param headline the verdict on answers and watches
 * @param watches the verdict on watches in words
 * @param operations the number of operations in the history
 * @param millis the length of the run
 * @param answers the number of answers in each of 250 equal parts of the run
 */
record HistoryPage(
    String headline,
    String watches,
    int operations,
    double millis,
    List<Integer> answers,
    List<Bar> faults,
    @Nullable CounterExample counterExample) {
  private static final String FILE = "history.html";
  private static final int PARTS = 250;
  private static final int SHOWN_MAX = 60;
  private static final double NANOS_PER_MILLI = 1e6;

  /**
   * A bar over time, in milliseconds since the run began.
   *
   * @param to null for an operation that never returned
   */
  record Bar(double from, @Nullable Double to, Kind kind, String text) {}

  /** The kind of a bar; the page gives each its colour. */
  enum Kind {
    FAULT,
    /** An operation that has a place in the longest order found. */
    PLACED,
    /** An operation that fits no place in it. */
    STUCK,
    /** Another operation on the same key at that time. */
    OTHER
  }

  /**
   * A contradiction.
   *
   * @param from its beginning, in milliseconds since the run began
   * @param to its end, likewise
   * @param text the contradiction in words
   */
  record CounterExample(double from, double to, List<Bar> operations, String text) {}

  static HistoryPage of(History history, Verify.Outcome outcome, List<InjectedFault> faults) {
    Verdict verdict = outcome.answers();
    WatchVerdict watches = outcome.watches();
    long end =
        Math.max(1, history.operations().stream().mapToLong(Operation::called).max().orElse(1));
    return new HistoryPage(
        headline(outcome),
        watches.words() + outcome.access().line(),
        history.operations().size(),
        end / NANOS_PER_MILLI,
        answers(history, end),
        faults.stream().map(HistoryPage::bar).toList(),
        verdict instanceof Verdict.Illegal illegal ? counterExample(history, illegal) : null);
  }

  String html() {
    return Page.of(FILE, this);
  }

  /** The worst of the verdicts stands first. */
  private static String headline(Verify.Outcome outcome) {
    String answers =
        switch (outcome.answers()) {
          case Verdict.Ok _ -> "answers linearizable";
          case Verdict.Illegal _ -> "answers NOT linearizable";
          case Verdict.Unknown _ -> "answers unknown";
        };
    String watches =
        switch (outcome.watches().kind()) {
          case HOLD -> ", watches hold";
          case BROKEN -> ", watches BROKEN";
          case UNKNOWN -> ", watches unknown";
        };
    String access =
        switch (outcome.access().kind()) {
          case HOLD -> "";
          case BROKEN -> ", rights BROKEN";
          case UNKNOWN -> ", rights unknown";
        };
    String all = answers + watches + access;
    if (outcome.isRefuted()) {
      return "Refuted: " + all;
    }
    return (outcome.isGood() ? "Good: " : "Unknown: ") + all;
  }

  private static List<Integer> answers(History history, long end) {
    int[] answers = new int[PARTS];
    for (Operation operation : history.operations()) {
      if (operation.returned() <= end) {
        answers[(int) (operation.returned() * (PARTS - 1) / end)]++;
      }
    }
    return Arrays.stream(answers).boxed().toList();
  }

  private static Bar bar(InjectedFault fault) {
    return new Bar(
        fault.from() / NANOS_PER_MILLI, fault.to() / NANOS_PER_MILLI, Kind.FAULT, fault.what());
  }

  private static CounterExample counterExample(History history, Verdict.Illegal illegal) {
    List<Operation> shown = new ArrayList<>(illegal.longest());
    shown.addAll(illegal.stuck());
    long from = shown.stream().mapToLong(Operation::called).min().orElse(0);
    long to =
        shown.stream()
            .mapToLong(Operation::returned)
            .filter(returned -> returned != Operation.NEVER)
            .reduce(from + 1, Math::max);
    List<Bar> bars =
        around(history, shown, from, to).stream().map(each -> bar(illegal, each)).toList();
    return new CounterExample(
        from / NANOS_PER_MILLI, to / NANOS_PER_MILLI, bars, illegal.toString());
  }

  private static List<Operation> around(
      History history, List<Operation> shown, long from, long to) {
    Bytes key = shown.isEmpty() ? Bytes.EMPTY : shown.getFirst().key();
    return history.operations().stream()
        .filter(each -> each.key().equals(key) && each.called() <= to && each.returned() >= from)
        .limit(SHOWN_MAX)
        .toList();
  }

  private static Bar bar(Verdict.Illegal illegal, Operation operation) {
    boolean never = operation.returned() == Operation.NEVER;
    return new Bar(
        operation.called() / NANOS_PER_MILLI,
        never ? null : operation.returned() / NANOS_PER_MILLI,
        kind(illegal, operation),
        operation.toString());
  }

  private static Kind kind(Verdict.Illegal illegal, Operation operation) {
    if (illegal.stuck().contains(operation)) {
      return Kind.STUCK;
    }
    return illegal.longest().contains(operation) ? Kind.PLACED : Kind.OTHER;
  }
}
