package io.balsa.drill;

import io.balsa.processes.Folders;
import io.balsa.processes.InstrumentFailure;
import io.balsa.processes.Launch;
import io.balsa.processes.SecurityWish;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Injects failures into real servers under load, and reports what the clients saw. */
public final class Drill {
  private final Plan plan;
  private final PrintWriter out;

  /**
   * A run.
   *
   * @param launch how to start servers and proxy
   * @param out the folder for the report and the data
   * @param scenarios the numbers of the scenarios, 1 to {@link #SCENARIOS}
   * @param repeat how many times to run each scenario
   * @param kills the number of failures in one run of a scenario that ends leaders or all servers
   * @param wish how servers and proxy are secured
   */
  public record Plan(
      Launch launch, Path out, List<Integer> scenarios, int repeat, int kills, SecurityWish wish) {}

  /** The number of scenarios. */
  public static final int SCENARIOS = DrillScenario.values().length;

  private Drill(Plan plan, PrintWriter out) {
    this.plan = plan;
    this.out = out;
  }

  /**
   * Runs all scenarios, prints each, and writes the report.
   *
   * @return whether every promise held
   * @throws InstrumentFailure when the run cannot be completed
   */
  public static boolean run(Plan plan, PrintWriter out) {
    return new Drill(plan, out).run();
  }

  private boolean run() {
    Folders.made(plan.out());
    List<ScenarioResult> results = new ArrayList<>();
    for (int number : plan.scenarios()) {
      DrillScenario scenario = DrillScenario.of(number);
      List<ScenarioResult> runs = new ArrayList<>();
      for (int i = 0; i < plan.repeat(); i++) {
        out.println(number + ". " + scenario.title() + " ...");
        runs.add(play(scenario));
      }
      results.add(ScenarioResult.merged(runs));
      write(new DrillReport(results));
    }
    DrillReport report = new DrillReport(results);
    out.println();
    out.println(report.table().text());
    results.forEach(result -> result.broken().forEach(line -> out.println("BROKEN: " + line)));
    out.println("report: " + plan.out().resolve("report.md") + " and report.html");
    return report.held();
  }

  private ScenarioResult play(DrillScenario scenario) {
    Path data = plan.out().resolve("data").toAbsolutePath();
    Folders.delete(data);
    ScenarioResult result;
    try (ClusterUnderLoad cluster =
        new ClusterUnderLoad(plan.launch(), data, DrillScript.serverFlags(scenario), plan.wish())) {
      cluster.awaitReady();
      new DrillScript(cluster, plan.kills()).play(scenario);
      result = cluster.check(scenario);
    }
    if (result.held()) {
      Folders.delete(data);
    }
    return result;
  }

  private void write(DrillReport report) {
    Folders.write(plan.out().resolve("report.md"), report.markdown());
    Folders.write(plan.out().resolve("report.html"), report.html());
  }
}
