package io.balsa.ctl;

import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;

/** Finds the names that somebody may have meant who mistyped one. */
public final class Nearest {
  private static final int EDITS_MAX = 2;

  private Nearest() {}

  /**
   * The names with the fewest edits, at most two. An edit inserts, removes or replaces a letter, or
   * swaps two neighbours. A short word keeps at least half of its letters.
   */
  public static List<String> to(String typed, Collection<String> names) {
    int least = names.stream().mapToInt(name -> edits(typed, name)).min().orElse(Integer.MAX_VALUE);
    if (least > EDITS_MAX || least * 2 > typed.replaceFirst("^-+", "").length()) {
      return List.of();
    }
    return names.stream().filter(name -> edits(typed, name) == least).sorted().toList();
  }

  /** Asks whether one of the nearest names was meant; empty when none is near. */
  public static String question(String typed, Collection<String> names) {
    List<String> near = to(typed, names);
    return near.isEmpty() ? "" : "did you mean " + String.join(" or ", near) + "?";
  }

  /** The distance of Damerau and Levenshtein, in its restricted form. */
  static int edits(String from, String to) {
    int[][] rows = new int[from.length() + 1][];
    rows[0] = IntStream.rangeClosed(0, to.length()).toArray();
    for (int i = 1; i <= from.length(); i++) {
      rows[i] = new int[to.length() + 1];
      rows[i][0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
        int least = Math.min(rows[i - 1][j], rows[i][j - 1]) + 1;
        rows[i][j] = Math.min(least, rows[i - 1][j - 1] + replaced);
        if (i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1)) {
          rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
        }
      }
    }
    return rows[from.length()][to.length()];
  }
}
