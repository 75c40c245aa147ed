"""
mistake: channels left out
cell: test_books
points: 0.6667
"""


# %% books
def books(channels, side, layers):
    account = []
    for kind, *numbers in layers:
        if kind == "affine":
            inputs, outputs = channels * side * side, numbers[0]
            account.append((outputs, outputs * (inputs + 1), outputs * inputs))
            channels, side = outputs, 1
        elif kind == "pool":
            side = (side - numbers[0]) // numbers[1] + 1
            account.append((channels * side * side, 0, 0))
        else:
            kernels, K, S, P = numbers
            side = (side - K + 2 * P) // S + 1
            each = K * K
            channels = kernels
            account.append((kernels * side * side, kernels * (each + 1), kernels * each * side * side))
    return account
