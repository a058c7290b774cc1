package io.balsa.cli;

import java.util.List;
import java.util.stream.Stream;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import picocli.CommandLine;

/** Completes a line of the playground's prompt: commands, then servers or options. */
final class PromptCompleter implements Completer {
  private static final List<String> ON_SERVERS =
      List.of("kill", "stop", "start", "pause", "resume");
  private static final List<String> CLIENT = List.of("put", "get", "del", "compact", "status");
  private static final List<String> OTHERS = List.of("help", "quit");

  /** The first words of all lines. */
  static final List<String> VERBS =
      Stream.of(CLIENT, ON_SERVERS, OTHERS).flatMap(List::stream).toList();

  private final int servers;
  private final CommandLine commands = Main.commandLine();

  /** Completes numbers of servers from 1 to this one. */
  PromptCompleter(int servers) {
    this.servers = servers;
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    words(line.words().subList(0, line.wordIndex()), line.word()).stream()
        .map(Candidate::new)
        .forEach(candidates::add);
  }

  /** The words that may come next. */
  List<String> words(List<String> before, String begun) {
    if (before.isEmpty()) {
      return VERBS;
    }
    String verb = before.getFirst();
    if (ON_SERVERS.contains(verb)) {
      return before.size() == 1 ? serversFor(verb) : List.of();
    }
    return CLIENT.contains(verb) && begun.startsWith("-") ? options(verb) : List.of();
  }

  private List<String> serversFor(String verb) {
    Stream<String> numbers =
        Stream.iterate(1, number -> number + 1).limit(servers).map(String::valueOf);
    boolean needsOneThatRuns = !verb.equals("start") && !verb.equals("resume");
    return (needsOneThatRuns ? Stream.concat(numbers, Stream.of("leader")) : numbers).toList();
  }

  /** The prompt itself says which servers are asked. */
  private List<String> options(String verb) {
    CommandLine command = commands.getSubcommands().get(verb);
    if (command == null) {
      return List.of();
    }
    return command.getCommandSpec().options().stream()
        .filter(option -> !option.hidden())
        .map(option -> option.longestName())
        .filter(name -> !name.equals("--endpoints"))
        .sorted()
        .toList();
  }
}
