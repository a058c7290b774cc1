package io.balsa.node.peers;

import io.balsa.bytes.Bytes;
import io.balsa.raft.Entry;
import io.balsa.raft.Message;
import io.balsa.wire.EnvelopeCodec;
import io.balsa.wire.WireFailure;
import java.util.List;

/**
 * Checks that this server can read the commands that a peer sends for its log. A server must apply
 * every committed entry, and stops when it cannot read one: so it refuses such a command while it
 * is still a message. Raft checks configuration entries itself.
 */
final class Payloads {
  private Payloads() {}

  /**
   * Checks a message's commands.
   *
   * @throws WireFailure when one of them cannot be read
   */
  static void check(Message message) throws WireFailure {
    if (message instanceof Message.AppendEntries append) {
      List<Entry> entries = append.entries();
      for (int i = 0; i < entries.size(); i++) {
        if (entries.get(i).kind() == Entry.Kind.COMMAND) {
          EnvelopeCodec.check(entries.get(i).payload());
        }
      }
    } else if (message instanceof Message.ForwardProposals forward) {
      for (Bytes command : forward.commands()) {
        EnvelopeCodec.check(command);
      }
    }
  }
}
