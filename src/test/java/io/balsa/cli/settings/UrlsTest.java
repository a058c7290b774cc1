package io.balsa.cli.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.bytes.HostPort;
import io.balsa.ctl.BadInput;
import java.nio.file.Path;
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
                java.util.List.of(Path.of("/a/b"), Path.of("c.sock:1"), Path.of("/d"))));
    assertThat(Urls.mixed("--f", "unix:///a").addresses()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "unix://| --f: 'unix://' is not a URL of the form unix://PATH",
        "unixs:///a| --f: TLS is not built yet, so not unixs:///a but unix://",
        "https://h:1| --f: TLS is not built yet, so not https://h:1 but http://",
        "unix:///a,unix:///a| --f: unix:///a,unix:///a names a URL twice; name each once",
        "http://h:1,| --f: '' is not a URL of the form http://HOST:PORT"
      })
  void whatIsNoUrlIsRefused(String text, String message) {
    assertThatThrownBy(() -> Urls.mixed("--f", text))
        .isInstanceOf(BadInput.class)
        .hasMessage(message);
  }
}
