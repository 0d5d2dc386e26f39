using ArchGen.Graphs;

namespace ArchGen.Runtime.Execution;

/// <summary>Sees the values of a node after it is computed.</summary>
/// <param name="node">The node.</param>
/// <param name="values">Its elements in row-major order; integers are converted to floats. Valid during the call.</param>
/// <param name="rows">The number of rows, the first dimension.</param>
public delegate void NodeObserver(Node node, ReadOnlySpan<float> values, int rows);
