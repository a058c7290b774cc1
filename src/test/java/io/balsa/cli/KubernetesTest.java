package io.balsa.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import picocli.CommandLine;

/** The manifests fit each other and the program, as far as that can be seen without Kubernetes. */
class KubernetesTest {
  private static final Path FILE = Path.of("dist/kubernetes/balsa.yaml");

  /** Pages that both server and proxy serve, see {@code ServerPagesTest} and {@code ProxyTest}. */
  private static final Set<String> PAGES = Set.of("/livez", "/readyz");

  private final List<Object> documents;

  KubernetesTest() throws IOException {
    documents = new ArrayList<>();
    new Load(LoadSettings.builder().build())
        .loadAllFromString(Files.readString(FILE))
        .forEach(documents::add);
  }

  private List<Object> ofKind(String kind) {
    return documents.stream().filter(each -> kind.equals(at(each, "kind"))).toList();
  }

  private List<Object> workloads() {
    return documents.stream().filter(each -> at(each, "spec", "template") != null).toList();
  }

  /** A value inside maps and lists; null if there is none. */
  private static @Nullable Object at(@Nullable Object from, Object... path) {
    Object value = from;
    for (Object step : path) {
      value =
          switch (value) {
            case Map<?, ?> map -> map.get(step);
            case List<?> list -> list.get((Integer) step);
            case null, default -> null;
          };
    }
    return value;
  }

  @SuppressWarnings("unchecked")
  private static Map<Object, Object> map(@Nullable Object from, Object... path) {
    return (Map<Object, Object>) Objects.requireNonNull(at(from, path), Arrays.toString(path));
  }

  private static List<?> list(@Nullable Object from, Object... path) {
    return (List<?>) Objects.requireNonNull(at(from, path), Arrays.toString(path));
  }

  private static @Nullable Object container(Object workload, Object... path) {
    return at(at(workload, "spec", "template", "spec", "containers", 0), path);
  }

  private static List<String> arguments(Object workload) {
    return list(container(workload, "args")).stream()
        .map(each -> each.toString().replace("$(POD_NAME)", "balsa-1"))
        .toList();
  }

  @Test
  void selectorsFindPods() {
    List<?> labels =
        workloads().stream()
            .map(each -> map(each, "spec", "template", "metadata", "labels"))
            .toList();
    List<Object> selectors = new ArrayList<>();
    ofKind("Service").forEach(each -> selectors.add(map(each, "spec", "selector")));
    ofKind("PodDisruptionBudget")
        .forEach(each -> selectors.add(map(each, "spec", "selector", "matchLabels")));
    assertThat(selectors).hasSize(3).isSubsetOf(labels);
    for (Object workload : workloads()) {
      Object own = map(workload, "spec", "template", "metadata", "labels");
      assertThat(map(workload, "spec", "selector", "matchLabels")).isEqualTo(own);
      Object apart = at(workload, "spec", "template", "spec", "affinity", "podAntiAffinity");
      assertThat(String.valueOf(apart))
          .contains("kubernetes.io/hostname")
          .contains("matchLabels=" + own);
    }
  }

  @Test
  void portsAreOpen() {
    for (Object service : ofKind("Service")) {
      Object pods = at(service, "spec", "selector");
      Object workload =
          workloads().stream()
              .filter(each -> map(each, "spec", "selector", "matchLabels").equals(pods))
              .findAny()
              .orElseThrow();
      List<?> open = list(container(workload, "ports"));
      for (Object port : list(service, "spec", "ports")) {
        assertThat(open)
            .anySatisfy(
                each -> {
                  assertThat(at(each, "name")).isEqualTo(at(port, "targetPort"));
                  assertThat(arguments(workload).toString())
                      .contains(":" + at(each, "containerPort"));
                });
      }
    }
  }

  @Test
  void theProgramTakesTheArguments() {
    for (Object workload : workloads()) {
      String[] arguments = arguments(workload).toArray(String[]::new);
      assertThatCode(() -> Main.commandLine().parseArgs(arguments)).doesNotThrowAnyException();
    }
    CommandLine.ParseResult server =
        Objects.requireNonNull(
            Main.commandLine()
                .parseArgs(arguments(ofKind("StatefulSet").getFirst()).toArray(String[]::new))
                .subcommand());
    assertThat(at(ofKind("StatefulSet").getFirst(), "spec", "replicas")).isEqualTo(3);
    String cluster = server.matchedOptionValue("--initial-cluster", "");
    String self = server.matchedOptionValue("--initial-advertise-peer-urls", "");
    assertThat(cluster.split(",", -1)).hasSize(3).contains("balsa-1=" + self);
  }

  @Test
  void theServersFindEachOtherBeforeTheyAreReady() {
    Object set = ofKind("StatefulSet").getFirst();
    Object service =
        ofKind("Service").stream()
            .filter(
                each ->
                    Objects.equals(at(set, "spec", "serviceName"), at(each, "metadata", "name")))
            .findAny()
            .orElseThrow();
    assertThat(map(service, "spec"))
        .containsEntry("clusterIP", "None")
        .containsEntry("publishNotReadyAddresses", true);
    assertThat(at(set, "spec", "podManagementPolicy")).isEqualTo("Parallel");
    assertThat(at(ofKind("PodDisruptionBudget").getFirst(), "spec", "maxUnavailable")).isEqualTo(1);
  }

  @Test
  void probesAskForPagesThatAreServed() {
    for (Object workload : workloads()) {
      for (String probe : List.of("livenessProbe", "readinessProbe")) {
        assertThat(PAGES).contains(String.valueOf(container(workload, probe, "httpGet", "path")));
        assertThat(container(workload, probe, "httpGet", "port")).isEqualTo("client");
      }
    }
  }

  @Test
  void podsHaveFewRights() {
    String version = new ProgramVersion().getVersion()[0];
    for (Object workload : workloads()) {
      assertThat(map(workload, "spec", "template", "spec", "securityContext"))
          .containsEntry("runAsNonRoot", true);
      assertThat(map(container(workload, "securityContext")))
          .containsEntry("readOnlyRootFilesystem", true)
          .containsEntry("allowPrivilegeEscalation", false)
          .containsEntry("capabilities", Map.of("drop", List.of("ALL")));
      Set<String> there = new HashSet<>(Set.of("data"));
      list(workload, "spec", "template", "spec", "volumes")
          .forEach(each -> there.add(String.valueOf(at(each, "name"))));
      assertThat(list(container(workload, "volumeMounts")))
          .anySatisfy(each -> assertThat(at(each, "mountPath")).isEqualTo("/tmp"))
          .allSatisfy(each -> assertThat(there).contains(String.valueOf(at(each, "name"))));
      assertThat(container(workload, "image"))
          .isEqualTo("balsa:" + version.substring("balsa ".length()));
    }
  }
}
