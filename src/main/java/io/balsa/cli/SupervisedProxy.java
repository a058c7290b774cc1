package io.balsa.cli;

import io.balsa.proxy.Proxy;
import io.balsa.systemd.Supervised;

/** A proxy under a service manager: ready, as etcd's, when it listens. */
record SupervisedProxy(String address, Proxy proxy) implements Supervised {
  @Override
  public boolean isReady() {
    return true;
  }

  @Override
  public String status() {
    return "proxy at " + address + (proxy.serves() ? "" : ", no leader known");
  }

  @Override
  public void prove(Runnable done) {
    proxy.prove(done);
  }
}
