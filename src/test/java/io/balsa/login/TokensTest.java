package io.balsa.login;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.bytes.Bytes;
import io.balsa.house.SharesCores;
import io.balsa.login.TokenUse.Heard;
import io.balsa.login.TokenUse.Use;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SharesCores
class TokensTest {
  private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

  @TempDir private Path folder;

  private final AtomicReference<Instant> clock = new AtomicReference<>(NOON);

  private JwtTokens jwt(String options) throws WrongTokenScheme {
    TokenScheme scheme =
        TokenSchemeText.parse("jwt," + options, TokenScheme.DEFAULT_TTL, Duration::parse);
    return JwtTokens.of((TokenScheme.Jwt) scheme, clock::get);
  }

  private Path pem(String kind, Key key) throws Exception {
    Path file = folder.resolve(kind.replace(' ', '-') + key.getAlgorithm() + ".pem");
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
    return Files.writeString(
        file, "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n");
  }

  private String pair(String algorithm, int size) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    if (size > 0) {
      generator.initialize(size);
    }
    KeyPair pair = generator.generateKeyPair();
    return "priv-key="
        + pem("PRIVATE KEY", pair.getPrivate())
        + ",pub-key="
        + pem("PUBLIC KEY", pair.getPublic());
  }

  @Test
  void everyAlgorithmOfEtcdMakesTokensThatItReads() throws Exception {
    String rsa = pair("RSA", 2048);
    for (String method : List.of("RS256", "RS512", "PS384")) {
      readsItsOwn(jwt(rsa + ",sign-method=" + method));
    }
    for (String pair :
        List.of(
            pair("EC", 256) + ",sign-method=ES256",
            pair("Ed25519", 0) + ",sign-method=EdDSA",
            rsa + ",sign-method=RS256")) {
      readsItsOwn(jwt(pair));
      readsItsOwn(jwt(pair.replaceFirst("pub-key=[^,]*,", "")));
    }
    Path secret = Files.writeString(folder.resolve("secret"), "s".repeat(64));
    readsItsOwn(jwt("priv-key=" + secret + ",sign-method=HS256"));
  }

  private static void readsItsOwn(JwtTokens tokens) {
    JwtTokens.Said said = tokens.read(tokens.make("alice", 7));
    assertThat(said).isNotNull();
    assertThat(said.user()).isEqualTo("alice");
    assertThat(said.revision()).isEqualTo(7);
    assertThat(said.expires()).isEqualTo(NOON.plusSeconds(300).toEpochMilli());
  }

  @Test
  void aTokenEndsWithItsTime() throws Exception {
    JwtTokens tokens = jwt(pair("EC", 256) + ",sign-method=ES256,ttl=PT10S");
    String token = tokens.make("alice", 7);
    clock.set(NOON.plusSeconds(9));
    assertThat(tokens.read(token)).isNotNull();
    clock.set(NOON.plusSeconds(11));
    assertThat(tokens.read(token)).isNull();
  }

  @Test
  void aForgedTokenIsNotRead() throws Exception {
    JwtTokens tokens = jwt(pair("EC", 256) + ",sign-method=ES256");
    String[] parts = tokens.make("alice", 7).split("\\.");
    String none = base64("{\"alg\":\"none\"}") + "." + parts[1] + ".";
    String root =
        parts[0] + "." + base64("{\"username\":\"root\",\"revision\":7}") + "." + parts[2];
    JwtTokens others = jwt(pair("EC", 256) + ",sign-method=ES256");
    for (String forged : List.of(none, root, others.make("alice", 7), "", "a.b.c", "..")) {
      assertThat(tokens.read(forged)).as(forged).isNull();
    }
  }

  @Test
  void aPublicKeyIsNoSecretOfAnHmac() throws Exception {
    String pair = pair("RSA", 2048);
    JwtTokens tokens = jwt(pair + ",sign-method=RS256");
    Path publicKey = Path.of(pair.substring(pair.indexOf("pub-key=") + 8));
    JwtTokens forger = jwt("priv-key=" + publicKey + ",sign-method=HS256");
    assertThat(tokens.read(forger.make("root", 7))).isNull();
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }

  @Test
  void aServerWithAPublicKeyOnlyReads() throws Exception {
    String pair = pair("EC", 256);
    JwtTokens reader = jwt(pair.substring(pair.indexOf("pub-key=")) + ",sign-method=ES256");
    assertThat(reader.canMake()).isFalse();
    assertThat(reader.read(jwt(pair + ",sign-method=ES256").make("alice", 3))).isNotNull();
  }

  @Test
  void wrongSettingsAreSaidInOneLine() throws Exception {
    wrong("sign-method=RS256", "needs pub-key or priv-key");
    wrong("sign-method=none,pub-key=x", "'none' is unknown");
    wrong("pub-key=x", "sign-method '' is unknown");
    wrong("sign-method=HS256", "need priv-key");
    wrong("sign-method=RS256,pub-key=/no/such/file", "/no/such/file cannot be read");
    wrong("sing-method=RS256", "'sing-method' is no option of jwt");
    wrong("sign-method=RS256,ttl=PT0S,pub-key=x", "not longer than 0");
    Path secret = Files.writeString(folder.resolve("short"), "secret");
    wrong("sign-method=HS256,priv-key=" + secret, "has 6 bytes, and HS256 needs at least 32");
    String ec = pair("EC", 256);
    String rsa = pair("RSA", 2048);
    wrong(
        ec.substring(0, ec.indexOf(','))
            + ","
            + rsa.substring(rsa.indexOf("pub-key="))
            + ",sign-method=RS256",
        "the keys do not fit RS256");
  }

  private void wrong(String options, String part) {
    assertThatThrownBy(() -> jwt(options))
        .isInstanceOf(WrongTokenScheme.class)
        .hasMessageContaining(part);
  }

  @Test
  void aSimpleTokenIsLettersAndAnIndex() {
    String letters = SimpleToken.newLetters();
    String text = SimpleToken.text(letters, 42);
    @Nullable SimpleToken token = SimpleToken.parse(text);
    assertThat(text).matches("[a-zA-Z]{24}\\.42");
    assertThat(token).isEqualTo(new SimpleToken(SimpleToken.digest(letters), 42));
    for (String other : List.of("", ".", ".4", "abc", "abc.", "abc.-1", "abc.x", "a.".repeat(99))) {
      assertThat(SimpleToken.parse(other)).as(other).isNull();
    }
  }

  @Test
  void anUnusedTokenEndsAndAUsedOneLives() {
    AtomicLong now = new AtomicLong();
    TokenUse use = new TokenUse(Duration.ofNanos(100), now::get);
    Heard used = new Heard(Bytes.utf8("used"), 1);
    Heard unused = new Heard(Bytes.utf8("unused"), 2);
    assertThat(use.ended(List.of(used, unused), 10)).isEmpty();
    now.set(24);
    assertThat(use(use, used)).isEqualTo(Use.ALIVE);
    now.set(25);
    assertThat(use(use, used)).isEqualTo(Use.TELL);
    assertThat(use(use, used)).isEqualTo(Use.ALIVE);
    now.set(101);
    assertThat(use(use, used)).isEqualTo(Use.TELL);
    assertThat(use(use, unused)).isEqualTo(Use.EXPIRED);
    assertThat(use.ended(List.of(used, unused), 10)).isEmpty();
    now.set(126);
    assertThat(use.ended(List.of(used, unused), 10)).containsExactly(unused.digest());
    Heard elsewhere = new Heard(unused.digest(), 9);
    assertThat(use(use, elsewhere)).isEqualTo(Use.ALIVE);
    assertThat(use.ended(List.of(used, elsewhere), 10)).isEmpty();
  }

  private static Use use(TokenUse use, Heard token) {
    return use.use(token.digest(), token.index());
  }

  @Test
  void aTokenThatAServerHasNotSeenHasItsWholeLife() {
    AtomicLong now = new AtomicLong(1_000);
    TokenUse use = new TokenUse(Duration.ofNanos(100), now::get);
    Heard old = new Heard(Bytes.utf8("old"), 1);
    assertThat(use.ended(List.of(old), 10)).isEmpty();
    now.set(1_099);
    assertThat(use(use, old)).isNotEqualTo(Use.EXPIRED);
  }
}
