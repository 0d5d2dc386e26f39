// e^x to a unit in the last place: a device's own exp may be off by 3 + 2 |x| units, which attention's large differences of logits magnify.
#ifndef EXPONENTIAL_GLSL
#define EXPONENTIAL_GLSL

// 2^n e^r with |r| <= ln(2) / 2: the remainder of x, in two parts of ln(2), by a polynomial of degree 7.
float exact_exp(float x) {
    // What is not a number stays.
    if (!(x >= -87.0)) return x < -87.0 ? 0 : x;
    x = min(x, 88.0);
    const float n = roundEven(x * 1.4426950408889634);
    const float r = fma(n, -1.42860677e-6, fma(n, -0.693145752, x));
    float p = fma(r, 1.98412698e-4, 1.38888889e-3);
    p = fma(p, r, 8.33333333e-3);
    p = fma(p, r, 4.16666667e-2);
    p = fma(p, r, 1.66666667e-1);
    p = fma(p, r, 0.5);
    p = fma(p, r, 1.0);
    p = fma(p, r, 1.0);
    return p * uintBitsToFloat(uint(int(n) + 127) << 23);
}

#endif
