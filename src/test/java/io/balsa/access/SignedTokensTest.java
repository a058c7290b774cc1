package io.balsa.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.auth.AuthState;
import io.balsa.login.JwtTokens;
import io.balsa.login.TokenScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignedTokensTest {
  @TempDir private Path folder;

  @Test
  void aTextThatIsTooLongIsRefusedAndTheLongestTokenIsNot() throws Exception {
    Path secret = folder.resolve("secret");
    Files.write(secret, new byte[64]);
    JwtTokens jwt =
        JwtTokens.of(new TokenScheme.Jwt("HS512", null, secret, Duration.ofHours(1)), Instant::now);
    SignedTokens tokens = new SignedTokens(jwt, System::currentTimeMillis);
    String longest = "\u0001".repeat(1_024);
    assertThat(tokens.caller(jwt.make(longest, 2), AuthState.NONE).user()).isEqualTo(longest);
    String tooLong = jwt.make("a".repeat(SignedTokens.TEXT_MAX), 2);
    assertThatThrownBy(() -> tokens.caller(tooLong, AuthState.NONE))
        .hasMessageContaining("invalid auth token");
  }
}
