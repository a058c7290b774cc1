package io.balsa.front;

import com.google.gson.JsonObject;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** etcd's page {@code /version}. */
public final class VersionPage implements HttpHandler {
  /**
   * What it says.
   *
   * @param server etcd's version whose behaviour is served
   * @param cluster what all members have at least
   * @param storage of the stored data's schema
   */
  public record Versions(String server, String cluster, String storage) {}

  private final Supplier<Versions> versions;

  /** A page that asks for the versions each time. */
  public VersionPage(Supplier<Versions> versions) {
    this.versions = versions;
  }

  @Override
  public void answer(HttpRequest request, Consumer<HttpResponse> done) {
    if (!request.method().equals("GET")) {
      done.accept(HttpResponse.onlyGet());
      return;
    }
    Versions now = versions.get();
    JsonObject document = new JsonObject();
    document.addProperty("etcdserver", now.server());
    document.addProperty("etcdcluster", now.cluster());
    document.addProperty("storage", now.storage());
    done.accept(HttpResponse.json(200, document.toString()));
  }
}
