/** Runs: the steps of a config in order, in a directory, resumed where they stopped. */
package org.tfjavantk.cli.run;
