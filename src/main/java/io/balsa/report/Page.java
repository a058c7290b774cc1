package io.balsa.report;

import com.google.gson.Gson;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A static HTML page of this room, with the data that it shows. The result is one file that needs
 * no other, so a browser opens it without a network.
 *
 * <p>A page names what belongs into it in double braces: {@code {{data}}}, a file beside the page,
 * or {@code {{uplot/...}}} for a file of the chart library uPlot.
 */
public final class Page {
  private static final Pattern PLACE = Pattern.compile("\\{\\{([\\w./]+)}}");
  private static final String DATA = "data";
  private static final String UPLOT = "uplot/";
  private static final String UPLOT_VERSION =
      "/META-INF/maven/org.webjars.npm/uplot/pom.properties";
  private static final String UPLOT_FILES = "/META-INF/resources/webjars/uplot/";

  /** Escapes {@code <} and {@code >}, so that no text can end the script element around it. */
  private static final Gson JSON = new Gson();

  private Page() {}

  /**
   * A page with its data.
   *
   * @param name the page's file, such as {@code drill.html}
   * @param data a record whose components the page reads by their names; null ones are left out
   * @throws IllegalArgumentException when the page, or a file that it names, is missing
   */
  public static String of(String name, Object data) {
    Matcher places = PLACE.matcher(text(name));
    return places.replaceAll(place -> Matcher.quoteReplacement(content(place, data)));
  }

  private static String content(MatchResult place, Object data) {
    String file = place.group(1);
    if (file.equals(DATA)) {
      return JSON.toJson(data);
    }
    return file.startsWith(UPLOT)
        ? text(UPLOT_FILES + uplotVersion() + "/" + file.substring(UPLOT.length()))
        : text(file);
  }

  private static String uplotVersion() {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(text(UPLOT_VERSION)));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    return properties.getProperty("version");
  }

  private static String text(String resource) {
    try (InputStream in = Page.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalArgumentException("no resource " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
