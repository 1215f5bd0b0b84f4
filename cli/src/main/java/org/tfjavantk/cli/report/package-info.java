/** Pictures and the report of a run, made from the files in its directory alone. */
package org.tfjavantk.cli.report;
