package io.balsa.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.login.PasswordDesk.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PasswordsTest {
  private static final LoginDelays.Who ALICE = new LoginDelays.Who("alice", "10.0.0.1");

  @Test
  void aPasswordMatchesItsOwnHashAlone() {
    String hash = Passwords.hash("sésame", 4);
    assertThat(hash).startsWith("$2a$04$");
    assertThat(Passwords.matches("sésame", hash)).isTrue();
    assertThat(Passwords.matches("sesame", hash)).isFalse();
    assertThat(Passwords.matches("", hash)).isFalse();
    assertThat(Passwords.hash("sésame", 4)).isNotEqualTo(hash);
  }

  @Test
  void aHashThatGoMadeMatches() {
    // made by golang.org/x/crypto/bcrypt, which etcd uses
    String hash = "$2a$10$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga";
    assertThat(Passwords.matches("allmine", hash)).isTrue();
  }

  @Test
  void aTextThatIsNoHashMatchesNothing() {
    assertThat(Passwords.matches("a", "")).isFalse();
    assertThat(Passwords.matches("a", "a")).isFalse();
    assertThat(Passwords.matches("a", "$2a$04$short")).isFalse();
  }

  @Test
  void bytesBehindThe72ndAreNotIgnored() {
    String hash = Passwords.hash("x".repeat(72), 4);
    assertThat(Passwords.matches("x".repeat(72), hash)).isTrue();
    assertThat(Passwords.matches("x".repeat(73), hash)).isFalse();
    assertThat(PasswordDesk.isTooLong("x".repeat(72))).isFalse();
    assertThat(PasswordDesk.isTooLong("é".repeat(37))).isTrue();
  }

  @Test
  void sec11AnUnknownUserIsWrongAfterTheSameWork() throws Exception {
    try (PasswordDesk desk = new PasswordDesk(4, System::nanoTime)) {
      assertThat(check(desk, "anything", "")).isEqualTo(Verdict.WRONG);
      assertThat(check(desk, "right", Passwords.hash("right", 4))).isEqualTo(Verdict.RIGHT);
    }
  }

  private static Verdict check(PasswordDesk desk, String password, String hash) throws Exception {
    CompletableFuture<Verdict> verdict = new CompletableFuture<>();
    desk.check(ALICE, password, hash, verdict::complete);
    return verdict.get(10, TimeUnit.SECONDS);
  }

  @Test
  void sec11AFloodOfLoginsIsRefusedAndNotQueued() throws Exception {
    try (PasswordDesk desk = new PasswordDesk(4, System::nanoTime)) {
      CountDownLatch open = new CountDownLatch(1);
      desk.hash("first", _ -> await(open));
      List<CompletableFuture<Verdict>> verdicts = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        CompletableFuture<Verdict> verdict = new CompletableFuture<>();
        verdicts.add(verdict);
        desk.check(new LoginDelays.Who("u" + i, "s" + i), "a", "", verdict::complete);
      }
      long busy = verdicts.stream().filter(v -> v.getNow(Verdict.WRONG) == Verdict.BUSY).count();
      open.countDown();
      assertThat(busy).isBetween(35L, 37L);
      assertThat(verdicts.getFirst().get(10, TimeUnit.SECONDS)).isEqualTo(Verdict.WRONG);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void sec11FailuresDelayTheSameUserFromTheSameSourceAlone() {
    AtomicLong now = new AtomicLong();
    LoginDelays delays = new LoginDelays(now::get);
    for (int i = 0; i < 5; i++) {
      assertThat(delays.mayTry(ALICE)).isTrue();
      delays.tried(ALICE, false);
    }
    assertThat(delays.mayTry(ALICE)).isFalse();
    assertThat(delays.mayTry(new LoginDelays.Who("alice", "10.0.0.2"))).isTrue();
    now.addAndGet(100_000_000);
    assertThat(delays.mayTry(ALICE)).isTrue();
    assertThat(delays.mayTry(ALICE)).as("a question uses nothing up").isTrue();
    delays.begins(ALICE);
    assertThat(delays.mayTry(ALICE)).as("one at a time").isFalse();
    delays.tried(ALICE, false);
    now.addAndGet(100_000_000);
    assertThat(delays.mayTry(ALICE)).isFalse();
    now.addAndGet(5_000_000_000L);
    assertThat(delays.mayTry(ALICE)).isTrue();
    delays.tried(ALICE, true);
    assertThat(delays.mayTry(ALICE)).isTrue();
  }

  private static LoginDelays.Who behind(String client, String user) {
    return new LoginDelays.Who(user, "10.0.0.9", client);
  }

  @Test
  void sec11AGuesserBehindAProxyDoesNotShutOutTheUserBehindIt() {
    AtomicLong now = new AtomicLong();
    LoginDelays delays = new LoginDelays(now::get);
    var guesser = behind("192.0.2.1", "app");
    int tried = 0;
    int free = 0;
    for (int millis = 0; millis < 120_000; millis += 10) {
      now.addAndGet(10_000_000);
      if (delays.mayTry(guesser)) { // polls, and is always first
        delays.begins(guesser);
        delays.tried(guesser, false);
        tried++;
      }
      free += delays.mayTry(behind("192.0.2.2", "app")) ? 1 : 0;
    }
    assertThat(tried).isBetween(20, 40);
    assertThat(free).isGreaterThan(10_000);
  }

  @Test
  void sec11ASourceThatInventsClientsGuessesNoFaster() {
    AtomicLong now = new AtomicLong();
    LoginDelays delays = new LoginDelays(now::get);
    int tried = 0;
    for (int millis = 0; millis < 60_000; millis += 10) {
      now.addAndGet(10_000_000);
      var invented = behind("c" + millis, "app");
      if (delays.mayTry(invented)) {
        delays.begins(invented);
        delays.tried(invented, false);
        tried++;
      }
      if (millis == 30_000) {
        delays.tried(behind("192.0.2.2", "app"), true);
      }
    }
    assertThat(tried).isBetween(100, 145);
  }

  /** The verdicts of logins while the desk is kept busy. */
  private static long accepted(List<LoginDelays.Who> logins) throws Exception {
    try (PasswordDesk desk = new PasswordDesk(4, System::nanoTime)) {
      CountDownLatch open = new CountDownLatch(1);
      desk.hash("first", _ -> await(open));
      List<CompletableFuture<Verdict>> verdicts = new ArrayList<>();
      for (LoginDelays.Who login : logins) {
        CompletableFuture<Verdict> verdict = new CompletableFuture<>();
        verdicts.add(verdict);
        desk.check(login, "a", "", verdict::complete);
      }
      long busy = verdicts.stream().filter(v -> v.getNow(Verdict.WRONG) == Verdict.BUSY).count();
      open.countDown();
      assertThat(verdicts.getLast().get(10, TimeUnit.SECONDS)).isEqualTo(Verdict.WRONG);
      return logins.size() - busy;
    }
  }

  @Test
  void sec11AFloodOfOneClientOfAProxyLeavesPlacesToItsOthers() throws Exception {
    List<LoginDelays.Who> logins = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      logins.add(behind("192.0.2.1", "random" + i));
    }
    logins.add(behind("192.0.2.2", "app"));
    assertThat(accepted(logins)).isEqualTo(9);
  }

  @Test
  void sec11AFloodOfInventedClientsLeavesPlacesToOtherSources() throws Exception {
    List<LoginDelays.Who> logins = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      logins.add(behind("c" + i, "random" + i));
      logins.add(new LoginDelays.Who("random" + i, "10.0.0.9"));
    }
    logins.add(ALICE);
    assertThat(accepted(logins)).isEqualTo(32 + 16 + 1);
  }

  @Test
  void sec11AFloodOfOneUserLeavesPlacesToOthersOfItsSource() throws Exception {
    List<LoginDelays.Who> logins = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      logins.add(ALICE);
    }
    logins.add(new LoginDelays.Who("app", ALICE.source()));
    assertThat(accepted(logins)).isEqualTo(9);
  }

  /** An attempt that found no place was no attempt. */
  @Test
  void sec11ABusyDeskUsesUpNoTurn() throws Exception {
    AtomicLong now = new AtomicLong();
    try (PasswordDesk desk = new PasswordDesk(4, now::get)) {
      for (int i = 0; i < 6; i++) {
        assertThat(check(desk, "wrong", "")).isEqualTo(Verdict.WRONG);
        now.addAndGet(1_000_000_000);
      }
      CountDownLatch open = new CountDownLatch(1);
      desk.hash("first", _ -> await(open));
      for (int i = 0; i < 100; i++) {
        desk.check(new LoginDelays.Who("u" + i, "s" + i), "a", "", _ -> {});
      }
      assertThat(check(desk, "wrong", "")).isEqualTo(Verdict.BUSY);
      open.countDown();
      CompletableFuture<Void> idle = new CompletableFuture<>();
      io.balsa.host.Until.until(() -> desk.waiting() == 0);
      desk.hash("last", _ -> idle.complete(null));
      idle.get(10, TimeUnit.SECONDS);
      assertThat(check(desk, "wrong", "")).isEqualTo(Verdict.WRONG);
    }
  }
}
