package org.tfjavantk.cli;

import org.tfjavantk.cli.run.Machine;
import picocli.CommandLine.IVersionProvider;

/** What {@code ntk --version} prints. */
final class VersionLine implements IVersionProvider {
  @Override
  public String[] getVersion() {
    Machine.Version version = Machine.Version.ofProgram();
    String commit = version.commit().isEmpty() ? "" : " (" + version.commit() + ")";
    return new String[] {"ntk " + version.number() + commit};
  }
}
