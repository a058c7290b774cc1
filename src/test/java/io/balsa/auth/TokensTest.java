package io.balsa.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.auth.Tokens.Token;
import io.balsa.bytes.Bytes;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A set of tokens that other threads look at while the next one is made. */
class TokensTest {
  private static Bytes digest(int number) {
    return Bytes.of(number >> 8, number & 0xff, 7);
  }

  @Test
  void itHoldsWhatWasAddedAndNotRemoved() {
    Random random = new Random(3);
    Map<Bytes, Token> model = new TreeMap<>();
    Tokens tokens = Tokens.NONE;
    for (int step = 0; step < 20_000; step++) {
      Bytes digest = digest(random.nextInt(3_000));
      if (random.nextInt(3) == 0) {
        tokens = tokens.without(digest);
        model.remove(digest);
      } else {
        Token token = new Token(digest, "user", 1, step);
        tokens = tokens.with(token);
        model.put(digest, token);
      }
      assertThat(tokens.get(digest)).isEqualTo(model.get(digest));
    }
    assertThat(tokens.size()).isEqualTo(model.size());
    assertThat(tokens.all()).containsExactlyInAnyOrderElementsOf(model.values());
    for (int number = 0; number < 3_000; number++) {
      assertThat(tokens.get(digest(number))).isEqualTo(model.get(digest(number)));
    }
  }

  @Test
  void anEarlierOneStaysAsItWas() {
    Token token = new Token(digest(1), "user", 1, 1);
    Tokens one = Tokens.NONE.with(token);
    assertThat(one.without(digest(1)).size()).isZero();
    assertThat(one.without(digest(2))).isSameAs(one);
    assertThat(one.get(digest(1))).isEqualTo(token);
    assertThat(Tokens.NONE.get(digest(1))).isNull();
  }
}
