package io.balsa.report;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a test looks at in a page.
 *
 * @param data the JSON block
 * @param read the names of the data that the page's own script reads
 * @param references what a browser would fetch
 */
public record PageParts(JsonObject data, List<String> read, List<String> references) {
  private static final Pattern DATA =
      Pattern.compile("<script type=\"application/json\" id=\"data\">(.*?)</script>");
  private static final Pattern READ = Pattern.compile("\\bdata\\.(\\w+)");
  private static final Pattern REFERENCE =
      Pattern.compile("src=\\S*|href=\\S*|@import\\S*|url\\(\\S*|fetch\\(\\S*");

  public static PageParts of(String html) {
    Matcher data = DATA.matcher(html);
    if (!data.find()) {
      throw new AssertionError("no JSON block");
    }
    String script = html.substring(html.lastIndexOf("<script>"));
    return new PageParts(
        JsonParser.parseString(data.group(1)).getAsJsonObject(),
        READ.matcher(script).results().map(name -> name.group(1)).distinct().toList(),
        REFERENCE.matcher(html).results().map(found -> found.group()).toList());
  }
}
