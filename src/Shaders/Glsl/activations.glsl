// Activations.
//   ACTIVATION 0: none; 1: SiLU; 2: GELU; 3: GELU, its tanh approximation; 4: x sigmoid(1.702 x); 5: ReLU; 6: ReLU squared; 7: sigmoid.
#include "exponential.glsl"

float sigmoid(float x) { return 1 / (1 + exact_exp(-x)); }

// A quotient of polynomials in x^2, 1 beyond the ends.
float erf(float x) {
    const float c = clamp(x, -3.8325069, 3.8325069), z = c * c;
    float p = fma(0.00022905065861350646, z, 0.0034082910107109506);
    p = fma(p, z, 0.050955695062380861);
    p = fma(p, z, 0.18520832239976145);
    p = fma(p, z, 1.128379143519084);
    float q = fma(-1.1791602954361697e-7, z, 0.000023547966471313185);
    q = fma(q, z, 0.0010179625278914885);
    q = fma(q, z, 0.014070470171167667);
    q = fma(q, z, 0.11098505178285362);
    q = fma(q, z, 0.49746925110067538);
    q = fma(q, z, 1.0);
    return c * p / q;
}

float activate(float x) {
    switch (ACTIVATION) {
        case 1: return x * sigmoid(x);
        case 2: return x * 0.5 * (1 + erf(x * 0.70710678118654752));
        // 0.5 (1 + tanh(u)) is sigmoid(2u), without the cancellation for negative u.
        case 3: return x * sigmoid(x * 1.5957691216057308 * fma(x * x, 0.044715, 1.0));
        case 4: return x * sigmoid(1.702 * x);
        case 5: return max(x, 0);
        case 6: return max(x, 0) * max(x, 0);
        case 7: return sigmoid(x);
        default: return x;
    }
}
