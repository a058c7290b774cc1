package io.balsa.verify;

import io.balsa.check.KeyRequest;
import io.balsa.client.ClientSettings;
import io.balsa.client.RequestFailed;
import io.balsa.verify.FaultRunner.InjectedFault;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Who the clients of a load are, which keys they ask for, and who hears how it ended. */
interface LoadRights {
  /** The settings of a client's connections. */
  ClientSettings settings(int client);

  /** Clients with the same name may share connections. */
  String user(int client);

  /** The beginning of a key after the prefix of the run: empty, or with a slash at its end. */
  String part(int client, SplittableRandom dice);

  /** A request is about to be sent. */
  void called(KeyRequest request, long now);

  /** A request was answered. */
  void answered(Sent sent, long returned);

  /** A request failed. */
  void failed(Sent sent, RequestFailed failure, long returned);

  /** Ends the changes of rights and judges the answers, after all requests have ended. */
  AccessVerdict verdict(List<InjectedFault> faults);

  /** The values whose writes were denied. */
  Set<String> refused();

  /**
   * A request that was sent.
   *
   * @param address the place of its address in the list, from 0 on
   * @param called when, by {@link System#nanoTime}
   */
  record Sent(int client, int address, String part, KeyRequest request, long called) {}

  /** All clients have the same settings and ask for all keys. */
  record Everybody(ClientSettings settings) implements LoadRights {
    @Override
    public ClientSettings settings(int client) {
      return settings;
    }

    @Override
    public String user(int client) {
      return "";
    }

    @Override
    public String part(int client, SplittableRandom dice) {
      return "";
    }

    @Override
    public void called(KeyRequest request, long now) {
      // nobody judges it
    }

    @Override
    public void answered(Sent sent, long returned) {
      // nobody judges it
    }

    @Override
    public void failed(Sent sent, RequestFailed failure, long returned) {
      // nobody judges it
    }

    @Override
    public AccessVerdict verdict(List<InjectedFault> faults) {
      return AccessVerdict.WITHOUT_USERS;
    }

    @Override
    public Set<String> refused() {
      return Set.of();
    }
  }
}
