package io.balsa.cli.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.bytes.HostPort;
import io.balsa.ctl.BadInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UrlsTest {
  @Test
  void socketsStandAmongAddresses() {
    assertThat(Urls.mixed("--f", "unix:///a/b,http://h:1,unix://c.sock:1,unix:/d"))
        .isEqualTo(
            new Urls.Mixed(
                java.util.List.of(new HostPort("h", 1)),
                java.util.List.of(
                    HostPort.parse("unix:///a/b"),
                    HostPort.parse("unix://c.sock:1"),
                    HostPort.parse("unix:/d"))));
    assertThat(Urls.mixed("--f", "unix:///a").addresses()).isEmpty();
  }

  @Test
  void anSStandsForTls() {
    Urls.Mixed urls = Urls.mixed("--f", "https://h:1,unixs:///a,http://h:2");

    assertThat(urls.addresses())
        .containsExactly(new HostPort("h", 1, true), new HostPort("h", 2, false));
    assertThat(urls.sockets().getFirst().isSecure()).isTrue();
    assertThat(Urls.text(urls.addresses())).isEqualTo("https://h:1,http://h:2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "unix://| --f: 'unix://' is not a URL of the form unix://PATH",
        "unixs://| --f: 'unixs://' is not a URL of the form unix://PATH",
        "https://h| --f: 'https://h' is not a URL of the form http://HOST:PORT",
        "unix:///a,unix:///a| --f: unix:///a,unix:///a names a URL twice; name each once",
        "http://h:1,| --f: '' is not a URL of the form http://HOST:PORT"
      })
  void whatIsNoUrlIsRefused(String text, String message) {
    assertThatThrownBy(() -> Urls.mixed("--f", text))
        .isInstanceOf(BadInput.class)
        .hasMessage(message);
  }
}
