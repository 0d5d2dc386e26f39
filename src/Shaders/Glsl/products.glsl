// What the shaders of matrix products have in common: their parameters, loads of x, and what is done to a result.
//   KIND 0: up to three matrices of one type that read the same x; y = (x W^T) * scale + bias, the scale with one matrix only
//   KIND 1: y = activation(first) * second, each with scale and bias
//   KIND 2: a matrix for each head of x
//   KIND 3: a matrix for each use of an expert: use u is row u / heads and place u % heads in its list of experts

const uint PRODUCT = 0, GATED = 1, HEADS = 2, EXPERTS = 3;

struct Matrix {
    uint64_t weights; // row 0
    uint64_t bias;    // 0: none
    uint64_t y;
    uint rows;        // 0: there is no such matrix
    uint yStride;
};

layout(push_constant, scalar) uniform Push {
    uint rows;     // of x
    uint width;
    uint64_t x;
    uint xStride;
    uint rowBytes; // from one row of a matrix to the next
    uint64_t scale;
    Matrix first;
    Matrix second;
    Matrix third;
};

// Where there are fewer matrices, the places of the others hold:
#define secondScale third.weights // KIND 1
#define heads second.rows         // KIND 2: heads of x; KIND 3: experts that each row uses
#define xHeadStride third.rows    // KIND 3: 0 where uses of a row share x
#define yHeadStride third.yStride
#define ids second.weights        // KIND 3: the experts [rows, heads]
#define idStride second.yStride
#define routeTiles third.weights  // KIND 3: from route.comp
#define routeUses third.bias
#define operands third.y          // unless KIND 0 has three matrices: those of what is applied to the result, besides it

layout(buffer_reference, scalar, buffer_reference_align = 16) readonly buffer Fours { vec4 at[]; };

// Four elements of x, which are aligned to 16 bytes if ALIGNED is 1.
vec4 load4(uint64_t row, uint element) {
    if (ALIGNED == 1) return Fours(row + 4 * element).at[0];
    Floats v = Floats(row + 4 * element);
    return vec4(v.at[0], v.at[1], v.at[2], v.at[3]);
}

// Where a matrix row's, a row's or a use's elements begin.
uint64_t weights_of(Matrix matrix, uint expert, uint row) { return matrix.weights + (uint64_t(expert) * matrix.rows + row) * rowBytes; }

uint64_t element_of(uint64_t base, uint row, uint stride, uint head, uint headStride) {
    return base + 4ul * (uint64_t(row) * stride + uint64_t(head) * headStride);
}

uint64_t x_of(uint item, uint head) {
    if (KIND == EXPERTS) return element_of(x, item / heads, xStride, item % heads, xHeadStride);
    return element_of(x, item, xStride, head, KIND == HEADS ? xHeadStride : 0);
}

Floats y_of(Matrix matrix, uint item, uint head) {
    if (KIND == EXPERTS) return Floats(element_of(matrix.y, item / heads, matrix.yStride, item % heads, yHeadStride));
    return Floats(element_of(matrix.y, item, matrix.yStride, head, KIND == HEADS ? yHeadStride : 0));
}

// Rows of matrices are taken in groups of a size, none of which has rows of two matrices.
uint groups_of(Matrix matrix, uint size) { return (matrix.rows + size - 1) / size; }

uint group_count(uint size) {
    if (KIND != PRODUCT) return groups_of(first, size);
    return groups_of(first, size) + groups_of(second, size) + groups_of(third, size);
}

// The matrix of a group; the group becomes its place in it.
Matrix matrix_of(inout uint group, uint size) {
    if (KIND != PRODUCT || group < groups_of(first, size)) return first;
    group -= groups_of(first, size);
    if (group < groups_of(second, size)) return second;
    group -= groups_of(second, size);
    return third;
}

// Left open: elementwise operations are written into these functions when a plan needs them (ChainHole.cs). Those that follow a product, and the activation
// of KIND 1.
float after(float value, uint row, uint column, uint64_t extras) { return value; }
float activate(float value) { return value; }

// What is written. The rows of what follows are heads, where x has heads.
float finished(float value, uint item, uint head, uint row) {
    return after(value, KIND == HEADS ? item * heads + head : item, row, operands);
}

// A float; another one where there is none. Mesa 26's software driver reads at a uniform address even if no invocation gets there: no read may depend on
// whether the address is 0.
float float_or(uint64_t address, uint64_t element, float other) {
    const float value = Floats(address != 0 ? address + 4 * element : x).at[0];
    return address != 0 ? value : other;
}

// Factor and offset of the results of a row.
vec2 finish_of(Matrix matrix, uint64_t factor, uint expert, uint row) {
    return vec2(float_or(factor, expert, 1), float_or(matrix.bias, uint64_t(expert) * matrix.rows + row, 0));
}
