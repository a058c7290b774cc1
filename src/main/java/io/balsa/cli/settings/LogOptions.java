package io.balsa.cli.settings;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.balsa.ctl.BadInput;
import io.balsa.logging.LogSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** The flags of {@code server} and {@code proxy} about their logs: etcd's names. */
final class LogOptions {
  private static final Set<String> ROTATION_KEYS =
      Set.of("maxsize", "maxage", "maxbackups", "localtime", "compress");
  private static final int MEGABYTES_DEFAULT = 100;

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      description = "the least to log: debug, info, warn, error, panic or fatal (${DEFAULT-VALUE})")
  String level = "info";

  @Option(
      names = "--log-format",
      paramLabel = "text|json",
      description = "the form of log lines; etcd's console is text (${DEFAULT-VALUE})")
  String format = "text";

  @Option(
      names = {"--log-outputs", "--log-output"},
      paramLabel = "OUTPUT,...",
      description = "where to log: default, stdout, stderr or a file each (${DEFAULT-VALUE})")
  String outputs = LogSettings.DEFAULT_OUTPUT;

  @Option(
      names = "--enable-log-rotation",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "true|false",
      description = "rotate the log file; one of --log-outputs must be a file (${DEFAULT-VALUE})")
  boolean rotate;

  @Option(
      names = "--log-rotation-config-json",
      paramLabel = "JSON",
      description = {
        "maxsize (MB), maxage (days), maxbackups, localtime, compress (maxsize 100, all files kept)"
      })
  String rotation = "";

  @Option(names = "--logger", hidden = true, description = "etcd's only logger is zap")
  String logger = "zap";

  /** The settings that the flags stand for. */
  LogSettings settings() {
    if (!logger.equals("zap")) {
      throw new BadInput("--logger: '" + logger + "' is not zap, the only value; leave it out");
    }
    List<String> targets = targets();
    return new LogSettings(level(), format(), targets, rotation(targets));
  }

  private LogSettings.Level level() {
    return switch (level) {
      case "dpanic" -> LogSettings.Level.PANIC;
      case "debug", "info", "warn", "error", "panic", "fatal" ->
          LogSettings.Level.valueOf(level.toUpperCase(Locale.ROOT));
      default ->
          throw new BadInput(
              "--log-level: '%s' is not one of debug, info, warn, error, panic, fatal"
                  .formatted(level));
    };
  }

  private LogSettings.Format format() {
    return switch (format) {
      case "text", "console" -> LogSettings.Format.TEXT;
      case "json" -> LogSettings.Format.JSON;
      default -> throw new BadInput("--log-format: '" + format + "' is not one of text, json");
    };
  }

  private List<String> targets() {
    List<String> all = Arrays.stream(outputs.split(",", -1)).map(LogOptions::target).toList();
    if (all.stream().anyMatch(String::isEmpty)) {
      throw new BadInput("--log-outputs: '" + outputs + "' holds an empty output");
    }
    if (all.size() > 1 && all.contains(LogSettings.DEFAULT_OUTPUT)) {
      throw new BadInput("--log-outputs: 'default' stands alone; name stderr or stdout instead");
    }
    return all.stream().distinct().toList();
  }

  /** etcd takes the journal by its name; here it is the default under systemd. */
  private static String target(String name) {
    String output = name.strip();
    return output.equals("systemd/journal") ? LogSettings.DEFAULT_OUTPUT : output;
  }

  private Optional<LogSettings.Rotation> rotation(List<String> targets) {
    LogSettings.Rotation parsed = parsed();
    if (!rotate) {
      return Optional.empty();
    }
    long files = targets.stream().filter(LogSettings::isFile).count();
    if (files != 1) {
      throw new BadInput(
          "--enable-log-rotation: --log-outputs names %d files; rotation needs exactly one"
              .formatted(files));
    }
    return Optional.of(parsed);
  }

  private LogSettings.Rotation parsed() {
    try {
      JsonElement json = JsonParser.parseString(rotation.isEmpty() ? "{}" : rotation);
      JsonObject fields = json.getAsJsonObject();
      if (!ROTATION_KEYS.containsAll(fields.keySet())) {
        throw badRotation();
      }
      return new LogSettings.Rotation(
          count(fields, "maxsize", MEGABYTES_DEFAULT),
          count(fields, "maxage", 0),
          count(fields, "maxbackups", 0),
          flag(fields, "localtime"),
          flag(fields, "compress"));
    } catch (JsonParseException | IllegalStateException | ArithmeticException _) {
      throw badRotation();
    }
  }

  private int count(JsonObject fields, String name, int standard) {
    JsonElement value = fields.get(name);
    if (value == null) {
      return standard;
    }
    if (!(value instanceof JsonPrimitive number) || !number.isNumber()) {
      throw badRotation();
    }
    int count = number.getAsBigDecimal().intValueExact();
    if (count < 0) {
      throw badRotation();
    }
    return count == 0 ? standard : count;
  }

  private boolean flag(JsonObject fields, String name) {
    JsonElement value = fields.get(name);
    if (value != null && !(value instanceof JsonPrimitive truth && truth.isBoolean())) {
      throw badRotation();
    }
    return value != null && value.getAsBoolean();
  }

  private BadInput badRotation() {
    return new BadInput(
        "--log-rotation-config-json: '%s' is not like {\"maxsize\": 100, \"maxage\": 0, "
                .formatted(rotation.replaceAll("\\s+", " "))
            + "\"maxbackups\": 0, \"localtime\": false, \"compress\": false}");
  }
}
