package io.balsa.api;

/** The versions told to clients, which decide by them what they may use. */
final class EtcdVersion {
  /** The etcd whose behaviour this server has. */
  static final String SERVER = "3.6.14";

  /** The version that all members of the cluster have at least. */
  static final String CLUSTER = "3.6.0";

  /** The version of the stored data's schema. */
  static final String STORAGE = "3.6.0";

  private EtcdVersion() {}
}
