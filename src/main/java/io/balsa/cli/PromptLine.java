package io.balsa.cli;

import io.balsa.ctl.BadInput;
import io.balsa.ctl.Nearest;
import io.balsa.ctl.Words;
import io.balsa.processes.Playground.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/** A line typed at the playground's prompt. */
sealed interface PromptLine {
  /** An empty line. */
  record Nothing() implements PromptLine {}

  /** A request for help. */
  record Help() implements PromptLine {}

  /** The end of the playground. */
  record Quit() implements PromptLine {}

  /**
   * An action on a server.
   *
   * @param server its number; empty for the leader
   */
  record Act(Action action, OptionalInt server) implements PromptLine {}

  /** A command that talks to the cluster, as words. */
  record Client(List<String> words) implements PromptLine {
    /** Whether it asks each server, and not the proxy. */
    boolean asksServers() {
      return words.getFirst().equals("status");
    }

    /**
     * The words for the program. The options stand before the typed words: behind a typed {@code
     * --} they would be keys.
     *
     * @param endpoints whom to ask
     * @param options more options and their values; a typed one stands later and wins
     */
    List<String> command(String endpoints, Map<String, String> options) {
      List<String> command = new ArrayList<>(words);
      options.forEach((name, value) -> command.add(1, name + "=" + value));
      command.add(1, "--endpoints=" + endpoints);
      if (asksServers()) {
        command.add(2, "--command-timeout=1s");
      }
      return command;
    }
  }

  /** A line that is not understood. */
  record Wrong(String line) implements PromptLine {}

  /** Reads a line. */
  static PromptLine parse(String line) {
    List<String> words;
    try {
      words = Words.split(line);
    } catch (BadInput wrong) {
      return new Wrong(String.valueOf(wrong.getMessage()));
    }
    if (words.isEmpty()) {
      return new Nothing();
    }
    String verb = words.getFirst().toLowerCase(Locale.ROOT);
    List<String> rest = words.subList(1, words.size());
    return switch (verb) {
      case "help", "?" -> new Help();
      case "quit", "exit" -> new Quit();
      case "kill" -> act(Action.KILL, verb, rest);
      case "stop" -> act(Action.STOP, verb, rest);
      case "start" -> act(Action.START, verb, rest);
      case "pause" -> act(Action.PAUSE, verb, rest);
      case "resume" -> act(Action.RESUME, verb, rest);
      case "put", "get", "del", "compact", "status" -> client(verb, rest);
      default -> new Wrong(unknown(words.getFirst()));
    };
  }

  private static String unknown(String verb) {
    String question = Nearest.question(verb, PromptCompleter.VERBS);
    String hint = question.isEmpty() ? "'help' lists what there is" : question;
    return "there is no '" + verb + "' here; " + hint;
  }

  private static PromptLine act(Action action, String verb, List<String> rest) {
    if (rest.size() == 1 && rest.getFirst().matches("s?\\d{1,3}")) {
      String number = rest.getFirst().replaceFirst("s", "");
      return new Act(action, OptionalInt.of(Integer.parseInt(number)));
    }
    boolean leader = rest.size() == 1 && rest.getFirst().equalsIgnoreCase("leader");
    if (leader && action != Action.START && action != Action.RESUME) {
      return new Act(action, OptionalInt.empty());
    }
    String or =
        action == Action.START || action == Action.RESUME ? "" : ", or '" + verb + " leader'";
    return new Wrong("say which server, such as '" + verb + " 2'" + or);
  }

  private static PromptLine client(String verb, List<String> rest) {
    if (verb.equals("put") && rest.stream().filter(word -> !word.startsWith("--")).count() < 2) {
      return new Wrong("say a key and a value: 'put greeting hello'");
    }
    List<String> words = new ArrayList<>(List.of(verb));
    words.addAll(rest);
    return new Client(List.copyOf(words));
  }
}
