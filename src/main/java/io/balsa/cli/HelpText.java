package io.balsa.cli;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Help.TextTable;
import picocli.CommandLine.IHelpFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The form of every help: whole sentences, as wide as the terminal, with examples. */
final class HelpText {
  private static final int INDENT = 2;

  private HelpText() {}

  /**
   * What prepares a command's help just before it is printed. picocli asks it for the help of each
   * subcommand too. The width is asked once, because opening a terminal takes long.
   */
  static IHelpFactory factory(IntSupplier columns) {
    AtomicInteger width = new AtomicInteger();
    return (command, colours) ->
        of(command, colours, width.updateAndGet(known -> known > 0 ? known : columns.getAsInt()));
  }

  /** The help of a command for a width in columns. */
  static Help of(CommandSpec command, ColorScheme colours, int width) {
    UsageMessageSpec usage = command.usageMessage();
    usage.width(width);
    usage.description(paragraphs(usage.description()));
    usage.sectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, HelpText::commands);
    List<String> footer = new ArrayList<>(List.of(usage.footer()));
    if (footer.stream().noneMatch(line -> line.startsWith("Example"))) {
      footer.addAll(Examples.of(command.qualifiedName(" ")));
    }
    usage.footer(ExampleLines.fitted(footer, width).toArray(String[]::new));
    return new WholeUrls(command, colours);
  }

  /** Joins lines that were broken in the source; an empty line ends a paragraph. */
  static String[] paragraphs(String... lines) {
    List<String> paragraphs = new ArrayList<>();
    boolean begins = true;
    for (String line : lines) {
      if (line.isBlank() || begins) {
        paragraphs.add(line);
      } else {
        paragraphs.add(paragraphs.removeLast() + " " + line);
      }
      begins = line.isBlank();
    }
    return paragraphs.toArray(String[]::new);
  }

  /** The first sentence of a description. */
  static String summary(String... description) {
    String[] paragraphs = paragraphs(description);
    if (paragraphs.length == 0) {
      return "";
    }
    String first = paragraphs[0];
    BreakIterator sentences = BreakIterator.getSentenceInstance(Locale.ROOT);
    sentences.setText(first);
    return first.substring(0, sentences.next()).strip();
  }

  private static String commands(Help help) {
    Map<String, Help> commands = help.subcommands();
    if (commands.isEmpty()) {
      return "";
    }
    int longest = commands.keySet().stream().mapToInt(String::length).max().orElse(0);
    int width = help.commandSpec().usageMessage().width();
    int first = longest + 2 * INDENT;
    TextTable table =
        TextTable.forColumns(
            help.colorScheme(),
            new Column(first, INDENT, Overflow.SPAN),
            new Column(width - first, 0, Overflow.WRAP));
    commands.forEach((name, each) -> table.addRowValues(row(help, name, each)));
    return table.toString();
  }

  private static Text[] row(Help help, String name, Help each) {
    Text summary =
        help.colorScheme().text(summary(each.commandSpec().usageMessage().description()));
    return new Text[] {help.colorScheme().commandText(name), summary};
  }
}
