using System.Collections;
using System.Linq.Expressions;
using System.Reflection;

namespace ArchGen.PublicApi.Tests.Arguments;

/// <summary>One call of a member, on a thread of its own: what it throws, and whether it ends.</summary>
internal static class Call
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The error of a call, its result read too: a task awaited, a sequence begun. Null if there was none.</summary>
    public static Exception? Of(MethodBase member, object? target, object?[] arguments)
    {
        Exception? error = null;
        var invoke = Compile(member);
        var thread = new Thread(() =>
        {
            try
            {
                Read(invoke(target, arguments));
            }
            catch (Exception e)
            {
                error = e;
            }
        }, maxStackSize: 4 << 20);
        thread.IsBackground = true;
        thread.Start();
        return thread.Join(Patience) ? error : new TimeoutException("It does not end.");
    }

    private static void Read(object? result)
    {
        switch (result)
        {
            case Task task:
                if (!task.Wait(Patience / 2)) throw new TimeoutException("The task does not end.");
                break;
            case string:
                break;
            case IAsyncEnumerable<object> stream:
                var next = stream.GetAsyncEnumerator().MoveNextAsync().AsTask();
                if (!next.Wait(Patience / 2)) throw new TimeoutException("The stream gives nothing.");
                break;
            case IEnumerable sequence:
                _ = sequence.Cast<object?>().Take(4).Count();
                break;
        }

        (result as IDisposable)?.Dispose();
    }

    /// <summary>Reflection cannot pass spans; a compiled expression makes them of arrays.</summary>
    private static Func<object?, object?[], object?> Compile(MethodBase member)
    {
        var target = Expression.Parameter(typeof(object));
        var array = Expression.Parameter(typeof(object?[]));
        var outs = new List<ParameterExpression>();
        var arguments = member.GetParameters().Select(Expression (parameter, i) =>
        {
            if (parameter.IsOut)
            {
                outs.Add(Expression.Variable(parameter.ParameterType.GetElementType()!));
                return outs[^1];
            }

            Expression value = Expression.ArrayIndex(array, Expression.Constant(i));
            var type = parameter.ParameterType;
            return type.IsByRefLike ? Expression.Convert(Expression.Convert(value, type.GetGenericArguments()[0].MakeArrayType()), type)
                : Expression.Convert(value, type);
        }).ToArray();
        Expression call = member switch
        {
            ConstructorInfo constructor => Expression.New(constructor, arguments),
            MethodInfo { IsStatic: true } method => Expression.Call(method, arguments),
            _ => Expression.Call(Expression.Convert(target, member.DeclaringType!), (MethodInfo)member, arguments),
        };
        Expression body = call.Type == typeof(void) || call.Type.IsByRefLike || call.Type.IsPointer
            ? Expression.Block(outs, call, Expression.Constant(null)) : Expression.Block(outs, Expression.Convert(call, typeof(object)));
        return Expression.Lambda<Func<object?, object?[], object?>>(body, target, array).Compile();
    }
}
