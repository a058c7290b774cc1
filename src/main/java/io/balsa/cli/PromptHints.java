package io.balsa.cli;

import io.balsa.bytes.HostPort;
import io.balsa.ctl.Hints;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a user can do at the playground's prompt, in the words of the prompt.
 *
 * @param servers the servers' addresses, in the order of their numbers
 */
record PromptHints(List<String> servers) implements Hints {
  @Override
  public String toStart(List<HostPort> asked) {
    String starts =
        asked.stream()
            .map(address -> servers.indexOf(address.toString()) + 1)
            .filter(server -> server > 0)
            .map(server -> "'start " + server + "'")
            .collect(Collectors.joining(", "));
    return starts.isEmpty() ? "'status' shows the servers" : starts + " starts it";
  }

  @Override
  public String toFindQuorum() {
    return "'status' shows which servers are down; 'start N' or 'resume N' brings one back";
  }
}
