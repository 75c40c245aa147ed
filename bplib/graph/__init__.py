"""The computational graph: what is computed, in which order, and the passes that go over it.

node         a value and where it came from; operators grow the graph
order        the order to visit the nodes in
passes       forward, backward, tangent: one step a node  <- the whole of backpropagation is here
quick        the backward pass without its steps, for training
trace        what a pass leaves behind, as plain data: pictures, widgets and checks see nothing else
record       a function run forward and backward, everything kept, under the author's names
engines      a student's own values as a trace: pictures of an engine that is not this one
derivatives  grad, value_and_grad, vjp, jvp of a function
gradient_graph  the backward pass as a graph of its own, to be differentiated again
hessians     second derivatives: all of them, or times a vector
bundles      arguments that hold several arrays: dicts, lists, tuples
jacobians    formed where they are small, described where they must never be
numerical    derivatives by nudging
detail       copies, repeats and composite gates, drawn as gates of their own
tape         a graph of numbers written out, to be run again and again
numpy_calls  what numpy's functions mean on nodes
numpy_made   those that are made of gates, or only move entries about
saving       graphs for pickle and deepcopy
calling      a function run on nodes or on plain numbers; used by all of these
"""
