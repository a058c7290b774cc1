package io.balsa.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {
  @Test
  void itIsReadWithAndWithoutAScheme() {
    assertThat(HostPort.parse("127.0.0.1:2379")).isEqualTo(new HostPort("127.0.0.1", 2379));
    assertThat(HostPort.parse("http://db-1:2380/")).isEqualTo(new HostPort("db-1", 2380));
  }

  @Test
  void anIpv6AddressStandsInBrackets() {
    HostPort read = HostPort.parse("http://[::1]:2379");

    assertThat(read).isEqualTo(new HostPort("::1", 2379));
    assertThat(read).hasToString("[::1]:2379");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "localhost:",
        ":2379",
        "a b:1",
        "h:70000",
        "h:x",
        "http://",
        "ftp://h:1",
        "h:1/x",
        "::1:1",
        "h:-1"
      })
  void whatIsNoAddressIsRefusedInOneLine(String text) {
    assertThatThrownBy(() -> HostPort.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("bad address \"" + text + "\": give it as host:port");
  }

  @Test
  void aUnixSocketHasAPath() {
    for (String text : new String[] {"unix:///a/b.sock", "unix:/a/b.sock"}) {
      HostPort read = HostPort.parse(text);
      assertThat(read.isUnixSocket()).isTrue();
      assertThat(read.path()).isEqualTo("/a/b.sock");
      assertThat(read.url()).isEqualTo("unix:///a/b.sock");
      assertThat(read).hasToString("unix:///a/b.sock");
    }
    assertThat(HostPort.parse("unix://b").path()).isEqualTo("b");
    assertThat(HostPort.parse("h:1").isUnixSocket()).isFalse();
    assertThatThrownBy(() -> HostPort.parse("unix://")).hasMessageContaining("unix://path");
  }

  @Test
  void anSStandsForTls() {
    assertThat(HostPort.parse("https://h:1")).isEqualTo(new HostPort("h", 1, true));
    assertThat(HostPort.parse("https://[::1]:1/").url()).isEqualTo("https://[::1]:1");
    assertThat(HostPort.parse("unixs:///a").url()).isEqualTo("unixs:///a");
    assertThat(HostPort.parse("h:1").secured(true).url()).isEqualTo("https://h:1");
    assertThat(HostPort.hasScheme("h:1")).isFalse();
  }
}
