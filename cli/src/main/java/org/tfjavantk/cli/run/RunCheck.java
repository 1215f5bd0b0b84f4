package org.tfjavantk.cli.run;

import java.io.IOException;
import org.tfjavantk.config.proto.Run;

/** Something that must hold before a run makes its directory. */
@FunctionalInterface
public interface RunCheck {
  /**
   * Looks, and changes nothing.
   *
   * @throws org.tfjavantk.graphs.UserException when it doesn't hold
   * @throws IOException when it cannot be found out
   */
  void check(Run run) throws IOException;
}
