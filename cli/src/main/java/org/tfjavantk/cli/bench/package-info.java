/** Timings of jobs on this machine. */
package org.tfjavantk.cli.bench;
