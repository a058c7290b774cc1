package io.balsa.server;

/**
 * Settings that no server can use. The message is one line: what is wrong and what to do. It names
 * a setting by etcd's flag, for example {@code --heartbeat-interval}.
 */
public final class BadSettings extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  BadSettings(String message) {
    super(message);
  }
}
