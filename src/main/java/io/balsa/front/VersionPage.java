package io.balsa.front;

import com.google.gson.JsonObject;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** etcd's page {@code /version}. */
public final class VersionPage implements HttpHandler {
  /**
   * The versions that the page shows.
   *
   * @param server the version of etcd whose behaviour the server has
   * @param cluster the version that all members have at least
   * @param storage the version of the stored data's schema
   */
  public record Versions(String server, String cluster, String storage) {}

  private final Supplier<Versions> versions;

  /** A page that gets the versions for each request. */
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
