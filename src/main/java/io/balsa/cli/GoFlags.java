package io.balsa.cli;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Flags in Go's form, which etcd takes: {@code -name} means {@code --name}. */
final class GoFlags {
  private static final Pattern SINGLE_DASH =
      Pattern.compile("-[a-z][a-z0-9]*[a-z0-9-]*(=.*)?", Pattern.DOTALL);

  private GoFlags() {}

  /** The command line with {@code --name} for {@code -name}, up to a bare {@code --}. */
  static String[] doubleDashed(String... args) {
    int end = Arrays.asList(args).indexOf("--");
    int flags = end < 0 ? args.length : end;
    return IntStream.range(0, args.length)
        .mapToObj(i -> i < flags ? doubleDashed(args[i]) : args[i])
        .toArray(String[]::new);
  }

  private static String doubleDashed(String arg) {
    boolean word = arg.length() > 2 && arg.charAt(2) != '=';
    return word && SINGLE_DASH.matcher(arg).matches() ? "-" + arg : arg;
  }
}
