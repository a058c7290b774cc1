package io.balsa.drill;

import com.google.errorprone.annotations.FormatMethod;
import io.balsa.drill.Timeline.Kind;
import io.balsa.drill.Timeline.Mark;
import io.balsa.report.Html;
import java.util.List;
import java.util.Locale;

/** A timeline as a picture: answered writes and reads over time, and what happened. */
final class TimelineSvg {
  private static final int WIDTH = 1_000;
  private static final int LANE = 70;
  private static final int TEXT = 14;

  private final Timeline timeline;
  private final StringBuilder svg = new StringBuilder();

  private TimelineSvg(Timeline timeline) {
    this.timeline = timeline;
  }

  static String of(Timeline timeline) {
    return new TimelineSvg(timeline).draw();
  }

  private String draw() {
    int marks = timeline.marks().size() * TEXT;
    int height = 2 * LANE + 2 * TEXT + marks + 10;
    svg.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-size=\"11\" font-family=\"sans-serif\" role=\"img\">\n"
            .formatted(WIDTH, height));
    lane("writes", timeline.writes(), LANE, "#1f6feb");
    lane("reads", timeline.reads(), 2 * LANE + TEXT, "#2da44e");
    int y = 2 * LANE + 3 * TEXT;
    for (Mark mark : timeline.marks()) {
      mark(mark, y);
      y += TEXT;
    }
    return svg.append("</svg>\n").toString();
  }

  private void lane(String name, List<Integer> counts, int bottom, String colour) {
    int most = counts.stream().mapToInt(Integer::intValue).max().orElse(1);
    double step = (double) WIDTH / counts.size();
    for (int i = 0; i < counts.size(); i++) {
      double height = (double) counts.get(i) / Math.max(1, most) * (LANE - TEXT);
      if (height > 0) {
        svg.append(
            format(
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>\n",
                i * step, bottom - height, step, height, colour));
      }
    }
    svg.append(format("<text x=\"2\" y=\"%d\">%s</text>\n", bottom - LANE + TEXT, name));
    svg.append(
        format(
            "<line x1=\"0\" x2=\"%d\" y1=\"%d\" y2=\"%d\" stroke=\"#999\"/>\n",
            WIDTH, bottom, bottom));
  }

  private void mark(Mark mark, int y) {
    double x = (double) mark.at().toNanos() / timeline.length().toNanos() * WIDTH;
    String colour = mark.kind() == Kind.DONE ? "#b00020" : "#57606a";
    String anchor = x > WIDTH * 0.7 ? "end" : "start";
    svg.append(
        format(
            "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"0\" y2=\"%d\" stroke=\"%s\" stroke-dasharray=\"3"
                + " 3\"/>\n",
            x, x, y, colour));
    svg.append(
        format(
            "<text x=\"%.1f\" y=\"%d\" fill=\"%s\" text-anchor=\"%s\">%s: %s</text>\n",
            anchor.equals("end") ? x - 4 : x + 4,
            y,
            colour,
            anchor,
            DrillReport.millis(mark.at()),
            Html.escaped(mark.text())));
  }

  @FormatMethod
  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
