package io.balsa.ctl.cluster;

import io.balsa.ctl.BadInput;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/**
 * A command of etcdctl that Balsa has no feature for. It takes any words, and says in one line that
 * it does nothing.
 */
@Command(mixinStandardHelpOptions = true)
abstract class RefusedCommand implements Runnable {
  private final String why;

  @Unmatched List<String> words = new ArrayList<>();

  RefusedCommand(String why) {
    this.why = why;
  }

  @Override
  public void run() {
    throw new BadInput(why + "; nothing was changed");
  }
}
