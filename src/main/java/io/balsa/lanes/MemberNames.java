package io.balsa.lanes;

import io.balsa.model.Member;
import java.util.List;

/** The names of members for log lines. */
public final class MemberNames {
  private MemberNames() {}

  /** A member's name; its id in hex when it has no name yet or is not a member. */
  public static String of(List<Member> members, long id) {
    for (Member member : members) {
      if (member.id() == id && !member.name().isEmpty()) {
        return member.name();
      }
    }
    return Long.toHexString(id);
  }
}
