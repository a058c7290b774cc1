package io.balsa.verify;

import io.balsa.bytes.Bytes;
import io.balsa.check.History;
import io.balsa.check.Operation;
import io.balsa.check.Verdict;
import io.balsa.report.Html;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A history for people: what was broken when, how much was answered, and, when no order explains
 * it, the operations around the place where none can come next, each a bar from call to return.
 */
record HistoryPage(History history, Verdict verdict, List<FaultRunner.InjectedFault> done) {
  private static final int WIDTH = 1_000;
  private static final int ROW = 18;
  private static final int SHOWN_MAX = 60;
  private static final String STYLE =
      "body{font:15px/1.5 system-ui,sans-serif;margin:2em auto;max-width:76em;padding:0 1em}"
          + "svg{max-width:100%;height:auto}pre{overflow:auto;background:#f6f8fa;padding:1em}";

  String html() {
    return "<!doctype html><meta charset=\"utf-8\"><title>balsa verify</title><style>"
        + STYLE
        + "</style>\n<h1>"
        + headline()
        + "</h1>\n"
        + overview()
        + counterExample()
        + "\n";
  }

  private String headline() {
    return switch (verdict) {
      case Verdict.Ok _ -> "Linearizable";
      case Verdict.Illegal _ -> "Not linearizable";
      case Verdict.Unknown _ -> "Unknown";
    };
  }

  private String overview() {
    long end = 1;
    for (Operation operation : history.operations()) {
      end = Math.max(end, operation.called());
    }
    Svg svg = new Svg(0, end);
    int[] counts = new int[WIDTH / 4];
    for (Operation operation : history.operations()) {
      if (operation.returned() <= end) {
        counts[(int) (operation.returned() * (counts.length - 1) / end)]++;
      }
    }
    svg.columns(counts);
    done.forEach(each -> svg.bar(each.from(), each.to(), "#b00020", each.what()));
    return "<p>"
        + history.operations().size()
        + " operations; answers over time, and what was broken"
        + "</p>\n"
        + svg.end();
  }

  private String counterExample() {
    if (!(verdict instanceof Verdict.Illegal illegal)) {
      return "";
    }
    List<Operation> shown = new ArrayList<>(illegal.longest());
    shown.addAll(illegal.stuck());
    long from = shown.stream().mapToLong(Operation::called).min().orElse(0);
    long to = from + 1;
    for (Operation operation : shown) {
      to = Math.max(to, operation.returned() == Operation.NEVER ? to : operation.returned());
    }
    Svg svg = new Svg(from, to);
    for (Operation operation : around(shown, from, to)) {
      svg.bar(
          operation.called(),
          operation.returned(),
          colour(illegal, operation),
          operation.toString());
    }
    return "<p>Green has its place, red can have none, blue was asked of the same key at the time."
        + "</p>\n"
        + svg.end()
        + "<pre>"
        + Html.escaped(illegal.toString())
        + "</pre>";
  }

  private List<Operation> around(List<Operation> shown, long from, long to) {
    Bytes key = shown.isEmpty() ? Bytes.EMPTY : shown.getFirst().key();
    return history.operations().stream()
        .filter(each -> each.key().equals(key) && each.called() <= to && each.returned() >= from)
        .limit(SHOWN_MAX)
        .toList();
  }

  private static String colour(Verdict.Illegal illegal, Operation operation) {
    if (illegal.stuck().contains(operation)) {
      return "#b00020";
    }
    return illegal.longest().contains(operation) ? "#2da44e" : "#1f6feb";
  }

  /** A picture that grows downwards. */
  private static final class Svg {
    private final StringBuilder text = new StringBuilder();
    private final long from;
    private final long to;
    private int y = 4;

    Svg(long from, long to) {
      this.from = from;
      this.to = to;
    }

    private double x(long at) {
      return (double) (Math.min(Math.max(at, from), to) - from) / (to - from) * WIDTH;
    }

    void columns(int[] counts) {
      int most = 1;
      for (int count : counts) {
        most = Math.max(most, count);
      }
      int height = 4 * ROW;
      for (int i = 0; i < counts.length; i++) {
        int tall = counts[i] * height / most;
        rectangle(i * 4, y + height - tall, 4, tall, "#2da44e");
      }
      y += height + 4;
    }

    void bar(long begin, long end, String colour, String words) {
      double left = x(begin);
      rectangle(left, y, Math.max(2, x(end) - left), ROW - 6, colour);
      boolean late = left > WIDTH * 0.6;
      text.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%s</text>%n",
              late ? left - 4 : x(end) > WIDTH * 0.6 ? left + 4 : x(end) + 4,
              y + ROW - 7,
              late ? "end" : "start",
              Html.escaped(words)));
      y += ROW;
    }

    private void rectangle(double x, int top, double width, int height, String colour) {
      text.append(
          String.format(
              Locale.ROOT,
              "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\""
                  + " fill-opacity=\".6\"/>%n",
              x,
              top,
              width,
              height,
              colour));
    }

    String end() {
      return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-size=\"10\" font-family=\"sans-serif\" role=\"img\">%n%s</svg>%n"
          .formatted(WIDTH, y + 4, text);
    }
  }
}
