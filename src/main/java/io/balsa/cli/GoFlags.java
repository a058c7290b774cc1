package io.balsa.cli;

import java.util.Arrays;
import java.util.regex.Pattern;

/** Flags as Go's parser takes them, and so etcd: {@code -name} means {@code --name}. */
final class GoFlags {
  private static final Pattern SINGLE_DASH =
      Pattern.compile("-[a-z][a-z0-9]*[a-z0-9-]*(=.*)?", Pattern.DOTALL);

  private GoFlags() {}

  /** The command line with two dashes wherever a word stands after one. */
  static String[] doubleDashed(String... args) {
    return Arrays.stream(args).map(GoFlags::doubleDashed).toArray(String[]::new);
  }

  private static String doubleDashed(String arg) {
    boolean word = arg.length() > 2 && arg.charAt(2) != '=';
    return word && SINGLE_DASH.matcher(arg).matches() ? "-" + arg : arg;
  }
}
