package io.balsa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.processes.Playground.Action;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromptLineTest {
  @Test
  void whatCanBeTyped() {
    assertThat(PromptLine.parse("  ")).isEqualTo(new PromptLine.Nothing());
    assertThat(PromptLine.parse("help")).isEqualTo(new PromptLine.Help());
    assertThat(PromptLine.parse("quit")).isEqualTo(new PromptLine.Quit());
    assertThat(PromptLine.parse("kill leader"))
        .isEqualTo(new PromptLine.Act(Action.KILL, OptionalInt.empty()));
    assertThat(PromptLine.parse("Start 2"))
        .isEqualTo(new PromptLine.Act(Action.START, OptionalInt.of(2)));
    assertThat(PromptLine.parse("kill s2"))
        .isEqualTo(new PromptLine.Act(Action.KILL, OptionalInt.of(2)));
    assertThat(PromptLine.parse("kil 1"))
        .isEqualTo(new PromptLine.Wrong("there is no 'kil' here; did you mean kill?"));
    assertThat(PromptLine.parse("put a 'b c'"))
        .isEqualTo(new PromptLine.Client(List.of("put", "a", "b c")));
    assertThat(PromptLine.parse("get a --prefix"))
        .isEqualTo(new PromptLine.Client(List.of("get", "a", "--prefix")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "frob",
        "kill",
        "kill x",
        "kill 1 2",
        "kill 99999999999",
        "start leader",
        "put",
        "put a",
        "put 'a"
      })
  void whatIsNotUnderstoodGetsALine(String line) {
    assertThat(PromptLine.parse(line)).isInstanceOf(PromptLine.Wrong.class);
  }

  @Test
  void theEndpointsStandBeforeWhatWasTyped() {
    assertThat(new PromptLine.Client(List.of("get", "--", "-k")).command("h:1", Map.of()))
        .containsExactly("get", "--endpoints=h:1", "--", "-k");
    assertThat(
            new PromptLine.Client(List.of("status", "--"))
                .command("h:1,h:2", Map.of("--cacert", "ca")))
        .containsExactly(
            "status", "--endpoints=h:1,h:2", "--command-timeout=1s", "--cacert=ca", "--");
  }
}
