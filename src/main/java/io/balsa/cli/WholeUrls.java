package io.balsa.cli;

import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Model.CommandSpec;

/**
 * A help whose lines do not break inside of URLs. picocli breaks a line behind any slash or colon.
 * While it lays out the text, other characters stand for these.
 */
final class WholeUrls extends Help {
  private static final String BREAKING = ":/.-";
  private static final char FIRST = '\ue000';

  WholeUrls(CommandSpec command, ColorScheme colours) {
    super(command, colours);
  }

  @Override
  public IOptionRenderer createDefaultOptionRenderer() {
    IOptionRenderer renderer = super.createDefaultOptionRenderer();
    return (option, labels, colours) -> hidden(renderer.render(option, labels, colours), colours);
  }

  @Override
  public IParameterRenderer createDefaultParameterRenderer() {
    IParameterRenderer renderer = super.createDefaultParameterRenderer();
    return (parameter, labels, colours) ->
        hidden(renderer.render(parameter, labels, colours), colours);
  }

  @Override
  public String optionList() {
    return shown(super.optionList());
  }

  @Override
  public String parameterList() {
    return shown(super.parameterList());
  }

  private static Text[][] hidden(Text[][] rows, ColorScheme colours) {
    for (Text[] row : rows) {
      String plain = row[row.length - 1].plainString();
      if (plain.contains("://")) {
        row[row.length - 1] = colours.text(hidden(plain));
      }
    }
    return rows;
  }

  private static String hidden(String text) {
    StringBuilder all = new StringBuilder();
    for (String word : text.split("(?<= )", -1)) {
      boolean isUrl = word.contains("://");
      word.chars().forEach(each -> all.append(isUrl ? hidden((char) each) : (char) each));
    }
    return all.toString();
  }

  private static char hidden(char each) {
    int at = BREAKING.indexOf(each);
    return at < 0 ? each : (char) (FIRST + at);
  }

  private static String shown(String text) {
    String shown = text;
    for (int i = 0; i < BREAKING.length(); i++) {
      shown = shown.replace((char) (FIRST + i), BREAKING.charAt(i));
    }
    return shown;
  }
}
