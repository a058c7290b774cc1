package io.balsa.cli;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Examples for the commands whose own help has none. */
final class Examples {
  private static final Map<String, List<String>> ALL =
      Map.ofEntries(
          Map.entry("balsa warm-up", List.of("balsa warm-up")),
          Map.entry("balsa auth enable", List.of("balsa auth enable")),
          Map.entry("balsa auth disable", List.of("balsa auth disable --user=root")),
          Map.entry("balsa auth status", List.of("balsa auth status")),
          Map.entry("balsa user add", List.of("balsa user add alice")),
          Map.entry("balsa user delete", List.of("balsa user delete alice")),
          Map.entry("balsa user get", List.of("balsa user get alice --detail")),
          Map.entry("balsa user list", List.of("balsa user list")),
          Map.entry("balsa user passwd", List.of("balsa user passwd alice")),
          Map.entry("balsa user grant-role", List.of("balsa user grant-role alice readers")),
          Map.entry("balsa user revoke-role", List.of("balsa user revoke-role alice readers")),
          Map.entry("balsa role add", List.of("balsa role add readers")),
          Map.entry("balsa role delete", List.of("balsa role delete readers")),
          Map.entry("balsa role get", List.of("balsa role get readers")),
          Map.entry("balsa role list", List.of("balsa role list")),
          Map.entry(
              "balsa role grant-permission",
              List.of("balsa role grant-permission --prefix readers read users/")),
          Map.entry(
              "balsa role revoke-permission",
              List.of("balsa role revoke-permission --prefix readers users/")),
          Map.entry("balsa alarm list", List.of("balsa alarm list")),
          Map.entry("balsa alarm disarm", List.of("balsa alarm disarm")),
          Map.entry("balsa lease grant", List.of("balsa lease grant 60")),
          Map.entry("balsa lease revoke", List.of("balsa lease revoke 694d71ddacfda227")),
          Map.entry("balsa lease timetolive", List.of("balsa lease timetolive 694d71ddacfda227")),
          Map.entry("balsa lease keep-alive", List.of("balsa lease keep-alive 694d71ddacfda227")),
          Map.entry("balsa lease list", List.of("balsa lease list")),
          Map.entry("balsa endpoint health", List.of("balsa endpoint health --cluster")),
          Map.entry("balsa endpoint status", List.of("balsa endpoint status --cluster -w table")),
          Map.entry("balsa endpoint hashkv", List.of("balsa endpoint hashkv --cluster --rev=1000")),
          Map.entry("balsa member list", List.of("balsa member list -w table")),
          Map.entry(
              "balsa member add",
              List.of("balsa member add d --peer-urls=http://10.0.0.4:2380 --learner")),
          Map.entry("balsa member remove", List.of("balsa member remove 8e9e05c52164694d")),
          Map.entry(
              "balsa member update",
              List.of("balsa member update 8e9e05c52164694d --peer-urls=http://10.0.0.4:2380")),
          Map.entry("balsa member promote", List.of("balsa member promote 8e9e05c52164694d")),
          Map.entry("balsa check perf", List.of("balsa check perf --load=m")),
          Map.entry(
              "balsa check datascale", List.of("balsa check datascale --load=s --auto-compact")),
          Map.entry("balsa snapshot save", List.of("balsa snapshot save backup.db")),
          Map.entry("balsa snapshot status", List.of("balsa snapshot status backup.db")));

  /** Commands that take any words, and refuse. */
  private static final Set<String> REFUSED = Set.of("downgrade");

  private Examples() {}

  /** The lines of a help's footer for a command; none when this class has none for it. */
  static List<String> of(String command) {
    boolean refused = REFUSED.contains(command.replaceFirst("^balsa (\\S+).*", "$1"));
    List<String> lines = refused ? List.of(command) : ALL.getOrDefault(command, List.of());
    return lines.isEmpty() ? List.of() : List.of("", "Example:", "  " + String.join("\n  ", lines));
  }
}
