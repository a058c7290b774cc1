package io.balsa.node.peers;

import io.balsa.bytes.Bytes;
import io.balsa.raft.Entry;
import io.balsa.raft.Message;
import io.balsa.wire.EnvelopeCodec;
import io.balsa.wire.WireFailure;
import java.util.List;

/**
 * Whether what a peer wants in this server's log can be read. An entry that is committed has to be
 * applied, and a server that cannot read it has to stop: so it is refused while it is a message.
 * Configurations are Raft's own, and read by it.
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
