package io.balsa.routing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LeaderViewTest {
  private final LeaderView first = LeaderView.NONE.told(2, 5, 1);

  @Test
  void atFirstNobodyLeads() {
    assertThat(LeaderView.NONE.known()).isFalse();
  }

  @Test
  void anyMembersWordOfANewerTermIsTaken() {
    assertThat(first).isEqualTo(new LeaderView(5, 1, false));
    assertThat(first.told(3, 6, 3)).isEqualTo(new LeaderView(6, 3, false));
  }

  @Test
  void termsAreUnsigned() {
    assertThat(first.told(3, -1, 3)).isEqualTo(new LeaderView(-1, 3, false));
  }

  @Test
  void whatIsSaidOfAnOlderTermIsIgnored() {
    assertThat(first.told(3, 4, 3)).isEqualTo(first);
  }

  @Test
  void aMemberThatKnowsNoLeaderSaysNothingOfOthers() {
    assertThat(first.told(3, 9, 0)).isEqualTo(first);
  }

  @Test
  void aLeaderThatKnowsNoLeaderHasSteppedDown() {
    assertThat(first.told(1, 5, 0)).isEqualTo(new LeaderView(5, 1, true));
    assertThat(first.told(1, 6, 0)).isEqualTo(new LeaderView(5, 1, true));
    assertThat(first.told(1, 4, 0)).as("from before it led").isEqualTo(first);
    assertThat(first.told(1, 5, 0).told(1, 5, 0).known()).isFalse();
  }

  @Test
  void aTermHasNoSecondLeader() {
    assertThat(first.told(3, 5, 3)).isEqualTo(first);
  }

  @Test
  void aLostLeaderIsBackByItsOwnWordAlone() {
    LeaderView lost = first.losing(1);

    assertThat(lost.known()).isFalse();
    assertThat(lost.told(2, 5, 1)).isEqualTo(lost);
    assertThat(lost.told(1, 5, 1)).isEqualTo(first);
  }

  @Test
  void losingAFollowerChangesNothing() {
    assertThat(first.losing(2)).isEqualTo(first);
  }
}
