package io.balsa.ctl.kv;

import com.google.protobuf.ByteString;
import io.balsa.ctl.BadInput;
import io.balsa.ctl.GlobalOptions;
import io.balsa.ctl.KeyRange;
import io.balsa.ctl.ParseTexts;
import io.balsa.ctl.ProcessWords;
import io.balsa.forms.RawText;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/**
 * What one watch is to show, and the command to run for each event. The words are etcdctl's: {@code
 * KEY [END] [-- COMMAND ARG...]}. A key in the environment takes the place of the key's words.
 */
final class WatchOptions {
  /** What Java puts for bytes of a variable that are no text of the locale. */
  private static final char LOST = '\ufffd';

  @Parameters(
      arity = "0..*",
      hideParamSyntax = true,
      paramLabel = "KEY [END] [-- COMMAND ARG...]",
      description = {
        "the key, or where the range begins; the first key after the range;",
        "a command to run for each event, which finds the event in ETCD_WATCH_REVISION,",
        "ETCD_WATCH_EVENT_TYPE, ETCD_WATCH_KEY and ETCD_WATCH_VALUE.",
        "ETCDCTL_WATCH_KEY and ETCDCTL_WATCH_RANGE_END may name the keys instead"
      })
  private List<String> words = new ArrayList<>();

  @Option(names = "--prefix", description = "all keys that begin with KEY")
  private boolean prefix;

  @Option(names = "--from-key", description = "all keys from KEY on")
  private boolean fromKey;

  @Option(names = "--rev", paramLabel = "N", description = "start at that revision (the next one)")
  private long revision;

  @Option(names = "--prev-kv", description = "also print the previous key and value")
  private boolean prevKv;

  @Option(names = "--progress-notify", description = "print progress notifications")
  private boolean progressNotify;

  /**
   * One watch.
   *
   * @param command what to run for each event; empty for nothing
   */
  record Wanted(WatchCreateRequest request, List<String> command) {
    /** The same watch, with progress notifications if they are wanted for all. */
    Wanted progressToo(boolean wanted) {
      return wanted
          ? new Wanted(request.toBuilder().setProgressNotify(true).build(), command)
          : this;
    }
  }

  /**
   * Reads the words behind {@code watch} on a line of the interactive mode.
   *
   * @throws BadInput when they are none of a watch
   */
  static Wanted parse(List<String> line, Map<String, String> environment) {
    WatchOptions options = new WatchOptions();
    CommandLine reader = new CommandLine(options).setExpandAtFiles(false);
    reader.setOverwrittenOptionsAllowed(true);
    String[] typed = line.toArray(String[]::new);
    try {
      reader.parseArgs(GlobalOptions.plainFlags(reader.getCommandSpec(), line).toArray(typed));
    } catch (ParameterException wrong) {
      throw new BadInput(ParseTexts.line(wrong));
    }
    return options.wanted(line, environment);
  }

  boolean progressNotify() {
    return progressNotify;
  }

  /**
   * What is wanted.
   *
   * @param line the words as they were typed, to find {@code --} in
   * @throws BadInput when there is no key, or more than one, or a process cannot get a word
   */
  Wanted wanted(List<String> line, Map<String, String> environment) {
    int separator = line.indexOf("--");
    List<String> command = separator < 0 ? List.of() : line.subList(separator + 1, line.size());
    if (separator >= 0 && command.isEmpty()) {
      throw new BadInput("there is no COMMAND behind --");
    }
    command.forEach(ProcessWords::refuseAltered);
    List<String> keys = keys(words.subList(0, words.size() - command.size()), environment);
    ByteString end = keys.size() == 2 ? RawText.bytes(keys.getLast()) : null;
    KeyRange range = KeyRange.of(RawText.bytes(keys.getFirst()), end, prefix, fromKey);
    WatchCreateRequest request =
        WatchCreateRequest.newBuilder()
            .setKey(range.key())
            .setRangeEnd(range.end())
            .setStartRevision(revision)
            .setPrevKv(prevKv)
            .setProgressNotify(progressNotify)
            .build();
    return new Wanted(request, List.copyOf(command));
  }

  private static List<String> keys(List<String> typed, Map<String, String> environment) {
    List<String> named = inEnvironment(environment);
    if (!typed.isEmpty() && !named.isEmpty()) {
      throw new BadInput("give the KEY once: on the command line or in ETCDCTL_WATCH_KEY");
    }
    List<String> keys = named.isEmpty() ? typed : named;
    if (keys.isEmpty() || keys.size() > 2) {
      throw new BadInput(
          keys.isEmpty()
              ? "give a KEY, or ETCDCTL_WATCH_KEY"
              : "there is more than KEY and END; a COMMAND stands after --");
    }
    return keys;
  }

  /** The key and the end that the environment names; none when it names no key. */
  static List<String> inEnvironment(Map<String, String> environment) {
    String key = variable(environment, "WATCH_KEY");
    String end = variable(environment, "WATCH_RANGE_END");
    if (key.isEmpty() && !end.isEmpty()) {
      throw new BadInput("ETCDCTL_WATCH_RANGE_END is set, but ETCDCTL_WATCH_KEY is not; set both");
    }
    return key.isEmpty() ? List.of() : end.isEmpty() ? List.of(key) : List.of(key, end);
  }

  private static String variable(Map<String, String> environment, String name) {
    String ours = environment.getOrDefault("BALSA_" + name, "");
    String value = ours.isEmpty() ? environment.getOrDefault("ETCDCTL_" + name, "") : ours;
    if (value.indexOf(LOST) >= 0) {
      throw new BadInput(
          "%s_%s: this locale cannot write its bytes; give the key on the command line"
              .formatted(ours.isEmpty() ? "ETCDCTL" : "BALSA", name));
    }
    return value;
  }
}
