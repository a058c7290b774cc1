package io.balsa.ctl;

import io.balsa.bytes.HostPort;
import java.util.List;

/** What a user can do about a request that failed. It depends on where the command was typed. */
public interface Hints {
  /** In a shell. */
  Hints OF_SHELL =
      new Hints() {
        @Override
        public String toStart(List<HostPort> servers) {
          return "start it, or give the right --endpoints";
        }

        @Override
        public String toFindQuorum() {
          return "'balsa status' with --endpoints of all servers shows it, or give a longer --command-timeout";
        }
      };

  /** No process listens at these addresses. */
  String toStart(List<HostPort> servers);

  /** An answer did not come in time. */
  String toFindQuorum();
}
