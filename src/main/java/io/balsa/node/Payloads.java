package io.balsa.node;

import io.balsa.bytes.Bytes;
import io.balsa.raft.Configuration;
import io.balsa.raft.Entry;
import io.balsa.raft.Message;
import io.balsa.wire.EnvelopeCodec;
import io.balsa.wire.WireFailure;

/**
 * Whether what a peer wants in this server's log can be read. An entry that is committed has to be
 * applied, and a server that cannot read it has to stop: so it is refused while it is a message.
 */
final class Payloads {
  private Payloads() {}

  /**
   * Checks a message's commands and configurations.
   *
   * @throws WireFailure when one of them cannot be read
   */
  static void check(Message message) throws WireFailure {
    if (message instanceof Message.AppendEntries append) {
      for (int i = 0; i < append.entries().size(); i++) {
        check(append.entries().get(i));
      }
    } else if (message instanceof Message.ForwardProposals forward) {
      for (Bytes command : forward.commands()) {
        EnvelopeCodec.check(command);
      }
    }
  }

  private static void check(Entry entry) throws WireFailure {
    switch (entry.kind()) {
      case NO_OP -> {}
      case COMMAND -> EnvelopeCodec.check(entry.payload());
      case CONFIGURATION -> checkConfiguration(entry.payload());
    }
  }

  private static void checkConfiguration(Bytes payload) throws WireFailure {
    try {
      if (Configuration.decode(payload).voters().isEmpty()) {
        throw new WireFailure("configuration without voters");
      }
    } catch (IllegalArgumentException e) {
      throw new WireFailure(String.valueOf(e.getMessage()));
    }
  }
}
