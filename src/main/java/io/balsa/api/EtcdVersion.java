package io.balsa.api;

import io.balsa.errors.EtcdError;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The versions that clients see. They decide by them which features they use. */
final class EtcdVersion {
  /** The version of etcd whose behaviour this server has. */
  static final String SERVER = "3.7.3";

  /** The version that all members of the cluster have at least. */
  static final String CLUSTER = "3.7.0";

  /** The version of the stored data's schema. */
  static final String STORAGE = "3.7.0";

  private static final Pattern VERSION =
      Pattern.compile("(\\d{1,9})\\.(\\d{1,9})(?:\\.(\\d{1,9}))?");

  /** The only version that etcd allows a cluster of {@link #CLUSTER} to be downgraded to. */
  private static final String DOWNGRADE_TARGET = "3.6.0";

  private EtcdVersion() {}

  /** Why a downgrade to a version is refused; null if etcd would allow it. */
  static @Nullable EtcdError downgradeRefusal(String version) {
    Matcher parts = VERSION.matcher(version);
    if (!parts.matches()) {
      return EtcdError.WRONG_DOWNGRADE_FORMAT;
    }
    String patch = parts.group(3) == null ? "0" : parts.group(3);
    String target = parts.group(1) + "." + parts.group(2) + "." + patch;
    return target.equals(DOWNGRADE_TARGET) ? null : EtcdError.INVALID_DOWNGRADE_TARGET;
  }
}
