"""Networks: gates with parameters, in a row, and how they learn.

layers    a gate with the face that the books give it: forward(…), then backward(upstream)
blocks    layers of several gates, or that work otherwise in training: convolution, norms, dropout, …
sequence  layers in a row, and branches around them, as one layer
network   layers in a row and a loss at the end: Network, MLP, TwoLayerNet, Neuron; how weights begin
penalty   a network with a penalty on its weights in the loss
nielsen   the four equations, BP1 to BP4, by rows and by columns, and Nielsen's own programs
optim     a step down the gradient, and the loop that takes it for one mini-batch after another
data      digits, moons, spirals
"""
