package io.balsa.cli.settings;

import io.balsa.ctl.BadInput;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Settings from a file in YAML: a key is the name of a flag without dashes. As in etcd's file, some
 * keys stand in sections, a number for a time is in nanoseconds, and a list stands for values
 * between commas.
 */
final class ConfigFile {
  /** etcd's sections, and what they put before the names of their keys. */
  private static final Map<String, String> SECTIONS =
      Map.of(
          "client-transport-security", "",
          "peer-transport-security", "peer-",
          "socket-options", "socket-",
          "discovery-config", "discovery-");

  /** Keys whose flag has another name. */
  private static final Map<String, String> OTHER_NAMES =
      Map.of(
          "peer-allowed-cn", "peer-cert-allowed-cn",
          "peer-allowed-hostname", "peer-cert-allowed-hostname",
          "allowed-hostname", "client-cert-allowed-hostname",
          "skip-client-san-verification", "peer-skip-client-san-verification");

  private static final Pattern DIGITS = Pattern.compile("\\d+");
  private static final Map<String, String> YAML_BOOLEANS =
      Map.of("yes", "true", "on", "true", "no", "false", "off", "false");

  private final CommandSpec command;
  private final String path;
  private final List<Given> given = new ArrayList<>();

  private ConfigFile(CommandSpec command, String path) {
    this.command = command;
    this.path = path;
  }

  /** Reads the settings of a command. */
  static List<Given> read(CommandSpec command, String source, String path) {
    ConfigFile file = new ConfigFile(command, path);
    file.compose(text(source, path))
        .ifPresent(root -> file.section("", file.map(root, "the file")));
    return file.given;
  }

  private static String text(String source, String path) {
    try {
      return Files.readString(Path.of(path));
    } catch (NoSuchFileException _) {
      throw new BadInput(source + ": there is no file " + path);
    } catch (CharacterCodingException _) {
      throw new BadInput(source + ": " + path + " is not text in UTF-8");
    } catch (IOException e) {
      throw new BadInput(source + ": " + path + " cannot be read (" + e.getMessage() + ")");
    }
  }

  private Optional<Node> compose(String text) {
    LoadSettings settings = LoadSettings.builder().setLabel(path).build();
    try {
      return new Compose(settings).composeString(text).filter(node -> !isNull(node));
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(Mark::getLine).orElse(0) + 1;
      throw new BadInput("%s:%d: this is not YAML: %s".formatted(path, line, e.getProblem()));
    } catch (YamlEngineException e) {
      throw new BadInput(path + ": this is not YAML: " + e.getMessage());
    }
  }

  private static boolean isNull(Node node) {
    return node.getTag().equals(Tag.NULL);
  }

  private void section(String prefix, MappingNode section) {
    List<String> seen = new ArrayList<>();
    for (NodeTuple entry : section.getValue()) {
      String key = scalar(entry.getKeyNode(), "a key");
      if (seen.contains(key)) {
        throw new BadInput(at(entry.getKeyNode()) + key + " is there twice; keep one");
      }
      seen.add(key);
      if (prefix.isEmpty() && SECTIONS.containsKey(key)) {
        if (!isNull(entry.getValueNode())) {
          section(SECTIONS.get(key), map(entry.getValueNode(), key));
        }
      } else {
        setting(prefix + key, entry);
      }
    }
  }

  private void setting(String name, NodeTuple entry) {
    String flag = "--" + OTHER_NAMES.getOrDefault(name, name);
    OptionSpec option = GoFlags.find(command, flag);
    Node key = entry.getKeyNode();
    if (option == null) {
      throw new BadInput(
          at(key) + name + " is no setting; see " + command.qualifiedName() + " --help");
    }
    if (!isNull(entry.getValueNode())) {
      String source = at(key) + name;
      String value = value(option, name, entry.getValueNode());
      given.add(new Given(flag, GoFlags.value(option, source, value), source));
    }
  }

  private String value(OptionSpec option, String name, Node node) {
    if (node instanceof SequenceNode list) {
      return String.join(",", list.getValue().stream().map(each -> scalar(each, name)).toList());
    }
    String text = scalar(node, name);
    if (GoFlags.isBoolean(option)) {
      return YAML_BOOLEANS.getOrDefault(text, text);
    }
    boolean time = option.paramLabel().equals(ServerOptions.TIME);
    return time && DIGITS.matcher(text).matches() ? text + "ns" : text;
  }

  private MappingNode map(Node node, String name) {
    if (node instanceof MappingNode map) {
      return map;
    }
    throw new BadInput(at(node) + name + " must hold lines of the form KEY: VALUE");
  }

  private String scalar(Node node, String name) {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw new BadInput(at(node) + name + " must be one value");
  }

  private String at(Node node) {
    return path + ":" + (node.getStartMark().map(Mark::getLine).orElse(0) + 1) + ": ";
  }
}
